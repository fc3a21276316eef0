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

// Writes fields as proto3 does: in order of their numbers, and none that has its default. The caller has made room for all.
class Writer {
 public:
  explicit Writer(char* at) : at_(at) {}
  char* at() const { return at_; }

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

  char* at_;
};

size_t TextBytesOf(const Listing& listing) {
  return listing.certificate_number.size() + listing.row.size() + listing.decisive_fact.size() +
         listing.seller_uscc.size() + listing.product_code.size() + listing.model.size() +
         listing.plated_region.size() + listing.batch.size() + listing.gtin.size() + listing.hold.size() +
         listing.named.size();
}

void WriteFields(const Listing& listing, bool facts, Writer& writer) {
  writer.Text(Fields::kCertificateNumberFieldNumber, listing.certificate_number);
  writer.Code(Fields::kSceneFieldNumber, listing.scene);
  writer.Code(Fields::kActionFieldNumber, listing.action);
  writer.Code(Fields::kReasonFieldNumber, listing.reason);
  writer.Text(Fields::kRowFieldNumber, listing.row);
  writer.Number(Fields::kOnSaleFieldNumber, listing.on_sale);
  writer.Code(Fields::kInForceFieldNumber, listing.in_force);
  if (facts) writer.Text(Fields::kDecisiveFactFieldNumber, listing.decisive_fact);
  writer.Number(Fields::kMadeAtFieldNumber, static_cast<uint64_t>(listing.made_at));
  writer.Number(Fields::kShipmentProvenFieldNumber, listing.shipment_proven);
  writer.Text(Fields::kSellerUsccFieldNumber, listing.seller_uscc);
  writer.Text(Fields::kProductCodeFieldNumber, listing.product_code);
  writer.Text(Fields::kModelFieldNumber, listing.model);
  writer.Hash(Fields::kHolderHashFieldNumber, listing.holder_hash);
  writer.Hash(Fields::kMakerHashFieldNumber, listing.maker_hash);
  writer.Hash(Fields::kFactoryHashFieldNumber, listing.factory_hash);
  writer.Number(Fields::kSpeedMaxFieldNumber, listing.speed_max);
  writer.Number(Fields::kMassFieldNumber, listing.mass);
  writer.Number(Fields::kMotorPowerFieldNumber, listing.motor_power);
  writer.Number(Fields::kBatteryVoltageFieldNumber, listing.battery_voltage);
  writer.Hash(Fields::kPlatedApplicationFieldNumber, listing.plated_application);
  writer.Number(Fields::kPlatedAtFieldNumber, static_cast<uint64_t>(listing.plated_at));
  writer.Text(Fields::kPlatedRegionFieldNumber, listing.plated_region);
  writer.Hash(Fields::kAskedApplicationFieldNumber, listing.asked_application);
  writer.Number(Fields::kVehicleReusedFieldNumber, listing.vehicle_reused);
  writer.Text(Fields::kBatchFieldNumber, listing.batch);
  writer.Text(Fields::kGtinFieldNumber, listing.gtin);
  writer.Number(Fields::kMakerApartFieldNumber, listing.maker_apart);
  writer.Text(Fields::kHoldFieldNumber, listing.hold);
  writer.Number(Fields::kUntiedFieldNumber, listing.untied);
  if (facts) writer.Text(Fields::kNamedFieldNumber, listing.named);
}

std::string_view WriteAfter(std::string_view head, const Listing& listing, bool facts, std::string* scratch) {
  const size_t room = head.size() + TextBytesOf(listing) + kFields * kFieldBytesMax;
  if (scratch->size() < room) scratch->resize(room);
  head.copy(scratch->data(), head.size());  // an empty view may be of nothing at all
  Writer writer(scratch->data() + head.size());
  WriteFields(listing, facts, writer);
  return {scratch->data(), static_cast<size_t>(writer.at() - scratch->data())};
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

std::string_view Listing::Write(std::string_view head, std::string* scratch) const {
  return WriteAfter(head, *this, true, scratch);
}

std::string_view Listing::WriteAnswer(std::string_view head, std::string* scratch) const {
  return WriteAfter(head, *this, false, scratch);
}

}  // namespace zaojing
