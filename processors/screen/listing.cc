#include "processors/screen/listing.h"

#include <cstring>

#include "ingest/wire_reader.h"
#include "proto/check.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing {
namespace {

using Fields = v1::ListingState;
using Type = WireReader::Type;

void SetNumber(uint32_t field, uint64_t number, Listing* listing) {
  switch (field) {
    case Fields::kSceneFieldNumber:
      listing->scene = static_cast<v1::Scene>(number);
      break;
    case Fields::kActionFieldNumber:
      listing->action = static_cast<v1::Action>(number);
      break;
    case Fields::kReasonFieldNumber:
      listing->reason = static_cast<v1::Reason>(number);
      break;
    case Fields::kOnSaleFieldNumber:
      listing->on_sale = number != 0;
      break;
    case Fields::kInForceFieldNumber:
      listing->in_force = static_cast<v1::Action>(number);
      break;
    case Fields::kMadeAtFieldNumber:
      listing->made_at = static_cast<int64_t>(number);
      break;
    case Fields::kShipmentProvenFieldNumber:
      listing->shipment_proven = number != 0;
      break;
    case Fields::kHolderHashFieldNumber:
      listing->holder_hash = number;
      break;
    case Fields::kMakerHashFieldNumber:
      listing->maker_hash = number;
      break;
    case Fields::kFactoryHashFieldNumber:
      listing->factory_hash = number;
      break;
    case Fields::kSpeedMaxFieldNumber:
      listing->speed_max = static_cast<uint32_t>(number);
      break;
    case Fields::kMassFieldNumber:
      listing->mass = static_cast<uint32_t>(number);
      break;
    case Fields::kMotorPowerFieldNumber:
      listing->motor_power = static_cast<uint32_t>(number);
      break;
    case Fields::kBatteryVoltageFieldNumber:
      listing->battery_voltage = static_cast<uint32_t>(number);
      break;
    case Fields::kPlatedApplicationFieldNumber:
      listing->plated_application = number;
      break;
    case Fields::kPlatedAtFieldNumber:
      listing->plated_at = static_cast<int64_t>(number);
      break;
    case Fields::kAskedApplicationFieldNumber:
      listing->asked_application = number;
      break;
    case Fields::kVehicleReusedFieldNumber:
      listing->vehicle_reused = number != 0;
      break;
    case Fields::kMakerApartFieldNumber:
      listing->maker_apart = number != 0;
      break;
    case Fields::kUntiedFieldNumber:
      listing->untied = number != 0;
      break;
    default:
      ZAOJING_CHECK(false && "no number of a listing's");
  }
}

void SetText(uint32_t field, std::string_view text, Listing* listing) {
  switch (field) {
    case Fields::kCertificateNumberFieldNumber:
      listing->certificate_number = text;
      break;
    case Fields::kRowFieldNumber:
      listing->row = text;
      break;
    case Fields::kDecisiveFactFieldNumber:
      listing->decisive_fact = text;
      break;
    case Fields::kSellerUsccFieldNumber:
      listing->seller_uscc = text;
      break;
    case Fields::kProductCodeFieldNumber:
      listing->product_code = text;
      break;
    case Fields::kModelFieldNumber:
      listing->model = text;
      break;
    case Fields::kPlatedRegionFieldNumber:
      listing->plated_region = text;
      break;
    case Fields::kBatchFieldNumber:
      listing->batch = text;
      break;
    case Fields::kGtinFieldNumber:
      listing->gtin = text;
      break;
    case Fields::kHoldFieldNumber:
      listing->hold = text;
      break;
    case Fields::kNamedFieldNumber:
      listing->named = text;
      break;
    default:
      ZAOJING_CHECK(false && "no text of a listing's");
  }
}

constexpr size_t kVarintBytesMax = 10;
constexpr size_t kFieldBytesMax = 2 + kVarintBytesMax;  // beside a text: tag and number, or tag and size
constexpr size_t kFields = Fields::kNamedFieldNumber;   // numbered without gaps

// Appends fields as proto3 does: in order of their numbers, and none that has its default. Room for all is made at first.
class Writer {
 public:
  Writer(std::string* bytes, size_t text_bytes) : bytes_(*bytes), begin_(bytes->size()) {
    bytes_.resize(begin_ + text_bytes + kFields * kFieldBytesMax);
    at_ = bytes_.data() + begin_;
  }
  ~Writer() { bytes_.resize(static_cast<size_t>(at_ - bytes_.data())); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void Text(uint32_t field, std::string_view text) {
    if (text.empty()) return;
    Varint(field << 3 | static_cast<uint32_t>(Type::kBytes));
    Varint(text.size());
    Raw(text.data(), text.size());
  }
  void Number(uint32_t field, uint64_t number) {
    if (number == 0) return;
    Varint(field << 3 | static_cast<uint32_t>(Type::kVarint));
    Varint(number);
  }
  void Code(uint32_t field, int code) { Number(field, static_cast<uint64_t>(code)); }
  void Hash(uint32_t field, uint64_t hash) {
    if (hash == 0) return;
    Varint(field << 3 | static_cast<uint32_t>(Type::kFixed64));
    Raw(&hash, sizeof hash);  // little-endian, as this machine is
  }

 private:
  void Varint(uint64_t number) {
    for (; number >= 0x80; number >>= 7) *at_++ = static_cast<char>(number | 0x80);
    *at_++ = static_cast<char>(number);
  }
  void Raw(const void* from, size_t size) {
    std::memcpy(at_, from, size);
    at_ += size;
  }

  std::string& bytes_;
  const size_t begin_;
  char* at_ = nullptr;
};

size_t TextBytesOf(const Listing& listing) {
  return listing.certificate_number.size() + listing.row.size() + listing.decisive_fact.size() +
         listing.seller_uscc.size() + listing.product_code.size() + listing.model.size() +
         listing.plated_region.size() + listing.batch.size() + listing.gtin.size() + listing.hold.size() +
         listing.named.size();
}

}  // namespace

Listing Listing::Read(std::string_view bytes) {
  Listing listing;
  WireReader reader(bytes);
  while (reader.Next()) {
    if (reader.type() == Type::kBytes) {
      SetText(reader.field(), reader.bytes(), &listing);
    } else {
      SetNumber(reader.field(), reader.number(), &listing);
    }
  }
  ZAOJING_CHECK(reader.done());
  return listing;
}

void Listing::AppendTo(std::string* bytes) const {
  Writer writer(bytes, TextBytesOf(*this));
  writer.Text(Fields::kCertificateNumberFieldNumber, certificate_number);
  writer.Code(Fields::kSceneFieldNumber, scene);
  writer.Code(Fields::kActionFieldNumber, action);
  writer.Code(Fields::kReasonFieldNumber, reason);
  writer.Text(Fields::kRowFieldNumber, row);
  writer.Number(Fields::kOnSaleFieldNumber, on_sale);
  writer.Code(Fields::kInForceFieldNumber, in_force);
  writer.Text(Fields::kDecisiveFactFieldNumber, decisive_fact);
  writer.Number(Fields::kMadeAtFieldNumber, static_cast<uint64_t>(made_at));
  writer.Number(Fields::kShipmentProvenFieldNumber, shipment_proven);
  writer.Text(Fields::kSellerUsccFieldNumber, seller_uscc);
  writer.Text(Fields::kProductCodeFieldNumber, product_code);
  writer.Text(Fields::kModelFieldNumber, model);
  writer.Hash(Fields::kHolderHashFieldNumber, holder_hash);
  writer.Hash(Fields::kMakerHashFieldNumber, maker_hash);
  writer.Hash(Fields::kFactoryHashFieldNumber, factory_hash);
  writer.Number(Fields::kSpeedMaxFieldNumber, speed_max);
  writer.Number(Fields::kMassFieldNumber, mass);
  writer.Number(Fields::kMotorPowerFieldNumber, motor_power);
  writer.Number(Fields::kBatteryVoltageFieldNumber, battery_voltage);
  writer.Hash(Fields::kPlatedApplicationFieldNumber, plated_application);
  writer.Number(Fields::kPlatedAtFieldNumber, static_cast<uint64_t>(plated_at));
  writer.Text(Fields::kPlatedRegionFieldNumber, plated_region);
  writer.Hash(Fields::kAskedApplicationFieldNumber, asked_application);
  writer.Number(Fields::kVehicleReusedFieldNumber, vehicle_reused);
  writer.Text(Fields::kBatchFieldNumber, batch);
  writer.Text(Fields::kGtinFieldNumber, gtin);
  writer.Number(Fields::kMakerApartFieldNumber, maker_apart);
  writer.Text(Fields::kHoldFieldNumber, hold);
  writer.Number(Fields::kUntiedFieldNumber, untied);
  writer.Text(Fields::kNamedFieldNumber, named);
}

}  // namespace zaojing
