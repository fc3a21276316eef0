#include "ingest/generate/certificates.h"

#include <algorithm>

#include "ingest/generate/calendar.h"
#include "ingest/generate/catalogue.h"
#include "ingest/generate/names.h"
#include "ingest/generate/random.h"
#include "proto/check.h"

namespace zaojing::generate {
namespace {

using limits::kDay;
using limits::kHour;

// Millionths of the certificates valid on the first day; kPlain takes the rest.
struct Share {
  Fate fate;
  uint64_t share_e6;
  uint64_t least = 1;
};
// Enough of what ends in the year that some end late in it, in the smallest world too.
constexpr uint64_t kEndings = 12;
constexpr Share kShares[] = {
    {Fate::kRenewed, 140'000},
    {Fate::kLapsed, 40'000, kEndings},
    {Fate::kCancelled, 20'000, kEndings},
    {Fate::kSuspended, 8'000},
    {Fate::kRestored, 10'000},
    {Fate::kRevoked, 6'000},
    {Fate::kMassRevoked, 5'000},
    {Fate::kCorrected, 500},
    {Fate::kInspected, 6'000},
    {Fate::kRecalled, 1'200},
    {Fate::kPatched, 200},
    {Fate::kBorrowed, 200},
    {Fate::kVehicle, 20'000},
    {Fate::kVehicleOver, 500},
    {Fate::kVehicleCancelled, 2'000},
    {Fate::kExpiredBefore, 100'000},
    {Fate::kCancelledBefore, 80'000},
    {Fate::kRevokedBefore, 30'000},
    {Fate::kSuspendedBefore, 20'000},
    {Fate::kNew, 120'000},
};
constexpr Fate kLastValid = Fate::kVehicleOver;

// The part of the year in which a fate's events are told.
struct Window {
  int64_t from;
  int64_t until;
};

Window WindowOf(Fate fate) {
  switch (fate) {
    case Fate::kRenewed:  // told 30 days before, and so in the year
      return {kYearStart + 40 * kDay, kYearEnd - 3 * kDay};
    case Fate::kLapsed:
    case Fate::kCancelled:
    case Fate::kSuspended:
    case Fate::kRevoked:
      return {kYearStart + 3 * kDay, kYearEnd - 3 * kDay};
    case Fate::kRestored:  // 90 days later it is valid again
      return {kYearStart + 3 * kDay, kYearEnd - 120 * kDay};
    case Fate::kMassRevoked:
      return {DayOf(6, 24) + 9 * kHour, DayOf(6, 24) + 11 * kHour};
    case Fate::kCorrected:
      return {kYearStart + 20 * kDay, kYearEnd - 30 * kDay};
    case Fate::kInspected:
    case Fate::kRecalled:
    case Fate::kPatched:
      return {kYearStart + 30 * kDay, kYearEnd - 10 * kDay};
    case Fate::kNew:
      return {kYearStart, kYearEnd - kDay};
    default:
      break;
  }
  ZAOJING_CHECK(false && "nothing happens to it in the year");
}

constexpr uint64_t kSerials = 1'000'000;
constexpr uint64_t kYears = 16;  // of first issue, from
constexpr uint64_t kFirstYear = 2009;
constexpr uint64_t kNewYear = 2025;
constexpr std::string_view kBodies[] = {"01", "01", "01", "01", "01", "02", "03", "04",
                                        "05", "08", "10", "11", "13", "15", "16", "18"};
constexpr std::string_view kMassBody = "27";  // of those whose certificates are revoked on one day
constexpr int64_t kValidity = 1'826 * kDay;   // five years

enum Question : uint32_t {
  kProduct,
  kModels,
  kHolder,
  kOtherMaker,
  kMaker,
  kOtherFactory,
  kFactory,
  kStart,
  kBody,
  kSpeed,
  kMass,
  kPower
};

bool HasOwnFirm(Fate fate) { return fate == Fate::kInspected || fate == Fate::kRecalled || fate == Fate::kPatched; }
bool IsVehicle(Fate fate) {
  return fate == Fate::kVehicle || fate == Fate::kVehicleOver || fate == Fate::kVehicleCancelled;
}

// Out of force before the year began, by a fact of its own.
bool IsBefore(Fate fate) {
  return fate == Fate::kCancelledBefore || fate == Fate::kRevokedBefore || fate == Fate::kSuspendedBefore ||
         fate == Fate::kVehicleCancelled;
}

uint32_t ProductOf(Fate fate, uint64_t draw) {
  if (IsVehicle(fate)) return EBike();
  return fate == Fate::kPlain ? AnyCertifiableProduct(draw) : CertifiedProduct(draw);
}

}  // namespace

CertificateBook::CertificateBook(uint64_t seed, uint64_t valid) : seed_(seed), valid_(valid) {
  uint64_t others = 0;
  for (const Share& share : kShares) {
    FateRange& range = ranges_[static_cast<size_t>(share.fate)];
    range.count = std::max(share.least, valid * share.share_e6 / 1'000'000);
    if (share.fate <= kLastValid) others += range.count;
  }
  ZAOJING_CHECK(valid > others);
  ranges_[0].count = valid - others;
  uint64_t own_firms = 0;
  for (size_t fate = 0; fate < kFates; ++fate) {
    ranges_[fate].first = size_;
    size_ += ranges_[fate].count;
    if (HasOwnFirm(static_cast<Fate>(fate))) own_firms += ranges_[fate].count;
  }
  general_firms_ = std::max<uint64_t>(20, valid / 5);
  firms_ = general_firms_ + own_firms;
}

// Serials repeat after a million certificates; their years then differ.
uint64_t CertificateBook::IssueYear(uint64_t index, uint64_t turn) const {
  const uint64_t offset = Draw(seed_, Stream::kPermutation, index % kSerials);
  return kFirstYear + (offset % kYears + turn) % kYears;
}

CertificateSpec CertificateBook::At(uint64_t index) const {
  ZAOJING_CHECK(index < size_);
  CertificateSpec spec;
  spec.index = index;
  size_t fate = 0;
  while (index >= ranges_[fate].first + ranges_[fate].count) ++fate;
  spec.fate = static_cast<Fate>(fate);
  spec.ordinal = index - ranges_[fate].first;
  const Dice dice(seed_, Stream::kCertificate, index);
  spec.product = ProductOf(spec.fate, dice.Draw64(kProduct));
  spec.models = dice.Draw64(kModels);
  if (HasOwnFirm(spec.fate)) {
    // Nobody else's goods are touched by what befalls this firm's.
    spec.holder = general_firms_ + index - Of(Fate::kInspected).first;
    spec.maker = spec.factory = spec.holder;
  } else {
    spec.holder = dice.Roll(kHolder, general_firms_);
    spec.maker = dice.Chance(kOtherMaker, 30) ? dice.Roll(kMaker, general_firms_) : spec.holder;
    spec.factory = dice.Chance(kOtherFactory, 40) ? dice.Roll(kFactory, general_firms_) : spec.maker;
  }
  const auto spread = [&](int64_t days) {
    return static_cast<int64_t>(dice.Roll(kStart, static_cast<uint64_t>(days)));
  };
  if (spec.fate == Fate::kNew) {
    spec.valid_from = ChinaDayStart(ChinaDay(EventAt(Fate::kNew, spec.ordinal)));
    spec.valid_until = spec.valid_from + kValidity;
  } else if (spec.fate == Fate::kLapsed || spec.fate == Fate::kRenewed) {
    spec.valid_until = EventAt(spec.fate, spec.ordinal);
    spec.valid_from = spec.valid_until - kValidity;
  } else if (spec.fate == Fate::kExpiredBefore) {
    spec.valid_until = kYearStart - (10 + spread(400)) * kDay;
    spec.valid_from = spec.valid_until - kValidity;
  } else {
    spec.valid_from = kYearStart - (30 + spread(1'400)) * kDay;
    spec.valid_until = spec.valid_from + kValidity;
  }
  return spec;
}

void CertificateBook::AppendDigits(const CertificateSpec& spec, uint64_t year, std::string* number) const {
  AppendNumber(year, 4, number);
  const Dice dice(seed_, Stream::kCertificate, spec.index);
  number->append(spec.fate == Fate::kMassRevoked ? kMassBody : kBodies[dice.Roll(kBody, std::size(kBodies))]);
  number->append(Products()[spec.product].code);
  AppendNumber(Permute(spec.index % kSerials, kSerials, seed_), 6, number);
}

std::string CertificateBook::NumberOf(const CertificateSpec& spec) const {
  std::string number;
  const uint64_t turn = spec.index / kSerials;
  AppendDigits(spec, spec.fate == Fate::kNew ? kNewYear : IssueYear(spec.index, turn), &number);
  return number;
}

std::string CertificateBook::ForgedNumber(const CertificateSpec& spec, uint64_t draw) const {
  const uint64_t turns = size_ / kSerials + 1;
  ZAOJING_CHECK(turns < kYears);
  std::string number;
  AppendDigits(spec, IssueYear(spec.index, turns + Below(draw, kYears - turns)), &number);
  return number;
}

v1::VehicleParameters CertificateBook::VehicleOf(const CertificateSpec& spec) const {
  ZAOJING_CHECK(IsVehicle(spec.fate));
  const Dice dice(seed_, Stream::kCertificate, spec.index);
  v1::VehicleParameters vehicle;
  vehicle.set_speed_max(static_cast<uint32_t>(200 + dice.Roll(kSpeed, 51)));        // GB 17761: 25 km/h
  vehicle.set_mass(static_cast<uint32_t>(400 + dice.Roll(kMass, 151)));             // 55 kg
  vehicle.set_motor_power(static_cast<uint32_t>(250 + 50 * dice.Roll(kPower, 4)));  // 400 W
  vehicle.set_battery_voltage(480);
  return vehicle;
}

uint64_t CertificateBook::DeclaredProduction(Fate fate, uint64_t vehicles) {
  return fate == Fate::kVehicleOver ? std::max<uint64_t>(1, vehicles / 2) : 2 * vehicles + 100;
}

int64_t CertificateBook::EventAt(Fate fate, uint64_t ordinal) const {
  const Window window = WindowOf(fate);
  const auto length = static_cast<uint64_t>(window.until - window.from);
  const uint64_t count = Of(fate).count;
  ZAOJING_CHECK(ordinal < count);
  const uint64_t within = Below(Draw(seed_, Stream::kEvent, Of(fate).first + ordinal), length);
  const auto place = static_cast<unsigned __int128>(ordinal) * length + within;
  const int64_t at = window.from + static_cast<int64_t>(place / count);
  const bool dated = fate == Fate::kLapsed || fate == Fate::kRenewed;
  return dated ? ChinaDayStart(ChinaDay(at)) : at;
}

int64_t CertificateBook::EffectiveAt(Fate fate, uint64_t ordinal) const {
  const Dice dice(seed_, Stream::kEvent, (uint64_t{1} << 40) + Of(fate).first + ordinal);
  // What befalls a certificate does not hold before it was issued.
  const int64_t issued = At(fate, ordinal).valid_from;
  if (IsBefore(fate)) return std::max(issued, kYearStart - static_cast<int64_t>(20 + dice.Roll(0, 300)) * kDay);
  const int64_t told = EventAt(fate, ordinal);
  if (fate == Fate::kMassRevoked) return ChinaDayStart(ChinaDay(told));
  const uint64_t kind = dice.Roll(0, 100);
  const uint64_t late_days = kind < 60 ? dice.Roll(1, 2) : kind < 90 ? 3 + dice.Roll(1, 28) : 31 + dice.Roll(1, 170);
  return std::max(issued, ChinaDayStart(ChinaDay(told) - static_cast<int64_t>(late_days)));
}

uint64_t CertificateBook::FirstAfter(Fate fate, int64_t time) const {
  uint64_t low = 0;
  uint64_t high = Of(fate).count;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    if (EventAt(fate, middle) > time) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

Firm CertificateBook::FirmAt(uint64_t firm) const {
  const Dice dice(seed_, Stream::kEnterprise, firm);
  return {RegionOf(dice.Draw64(0)), CityOf(dice.Draw64(0)), firm < renamed_firms()};
}

std::string CertificateBook::FirmName(uint64_t firm, bool former) const {
  return MakerName(firm, FirmAt(firm).city, former);
}

std::string CertificateBook::FirmUscc(uint64_t firm) const { return MakerUscc(firm, FirmAt(firm).region); }

}  // namespace zaojing::generate
