// The certificates of the generated registry: what each is, and what becomes of it in the year. A certificate's number
// in the book tells its fate, so what happens when is arithmetic: within a fate the year's events come in order of the
// ordinal. Pure; times microseconds UTC.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "zaojing/v1/certificate.pb.h"

namespace zaojing::generate {

enum class Fate : uint8_t {
  kPlain,  // valid all year, as all up to kVehicleOver are on the first day
  kRenewed,
  kLapsed,     // expires in the year
  kCancelled,  // cancelled in the year
  kSuspended,  // suspended in the year
  kRestored,   // suspended in the year, and restored
  kRevoked,
  kMassRevoked,  // with all others of its body, on one day
  kCorrected,    // revoked by mistake; corrected days later
  kInspected,    // one batch of the goods fails a spot check
  kRecalled,     // what was made in a certain time is recalled
  kPatched,      // recalled, mended by software
  kBorrowed,     // shown by hundreds of merchants
  kVehicle,
  kVehicleOver,       // more vehicles get plates than can have been made
  kVehicleCancelled,  // not valid on the first day, as the next four
  kExpiredBefore,
  kCancelledBefore,
  kRevokedBefore,
  kSuspendedBefore,
  kNew,  // issued in the year
};
inline constexpr size_t kFates = 21;

struct FateRange {
  uint64_t first = 0;
  uint64_t count = 0;
};

struct CertificateSpec {
  uint64_t index = 0;  // in the book
  Fate fate = Fate::kPlain;
  uint64_t ordinal = 0;  // within the fate
  uint32_t product = 0;  // in Products()
  uint64_t models = 0;   // draw of PrintedModels
  uint64_t holder = 0;   // makers
  uint64_t maker = 0;
  uint64_t factory = 0;
  int64_t valid_from = 0;
  int64_t valid_until = 0;
};

struct Firm {
  std::string_view region;
  std::string_view city;
  bool renamed = false;  // before the year; its certificates keep the former name
};

class CertificateBook {
 public:
  // `valid`: certificates valid on the first day.
  CertificateBook(uint64_t seed, uint64_t valid);

  uint64_t size() const { return size_; }
  uint64_t valid() const { return valid_; }
  FateRange Of(Fate fate) const { return ranges_[static_cast<size_t>(fate)]; }
  CertificateSpec At(uint64_t index) const;
  CertificateSpec At(Fate fate, uint64_t ordinal) const { return At(Of(fate).first + ordinal); }

  // The 16 digits.
  std::string NumberOf(const CertificateSpec& spec) const;
  // As NumberOf, but of a year in which no certificate of this serial was issued.
  std::string ForgedNumber(const CertificateSpec& spec, uint64_t draw) const;
  // Parameters of an e-bike. REQUIRES that it is one.
  v1::VehicleParameters VehicleOf(const CertificateSpec& spec) const;
  // Pieces a year, as declared for an e-bike on which `vehicles` are going to get a plate.
  static uint64_t DeclaredProduction(Fate fate, uint64_t vehicles);

  // When the year's event of a fate is told: the fact's received_at; for kLapsed and kRenewed the expiry. Never
  // decreasing in the ordinal. REQUIRES a fate with an event.
  int64_t EventAt(Fate fate, uint64_t ordinal) const;
  // From when it holds: hours to months before it is told, and never before the certificate was issued. Of the fates
  // before the year too, kExpiredBefore excepted.
  int64_t EffectiveAt(Fate fate, uint64_t ordinal) const;
  // The first ordinal whose event comes after `time`; the count when there is none.
  uint64_t FirstAfter(Fate fate, int64_t time) const;

  // Firms that hold certificates. The last of them hold one each.
  uint64_t firms() const { return firms_; }
  // The first of them had another name before the year.
  uint64_t renamed_firms() const { return general_firms_ * 6 / 100; }
  Firm FirmAt(uint64_t firm) const;
  std::string FirmName(uint64_t firm, bool former) const;
  std::string FirmUscc(uint64_t firm) const;

 private:
  uint64_t IssueYear(uint64_t index, uint64_t turn) const;
  void AppendDigits(const CertificateSpec& spec, uint64_t year, std::string* number) const;

  const uint64_t seed_;
  uint64_t valid_ = 0;
  uint64_t size_ = 0;
  uint64_t firms_ = 0;
  uint64_t general_firms_ = 0;
  std::array<FateRange, kFates> ranges_;
};

}  // namespace zaojing::generate
