#include "bench/e2e/workload.h"

#include <array>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "proto/mix_bits.h"

namespace zaojing::bench {
namespace {

// A number's image, the same everywhere.
uint64_t Mix(uint64_t x) { return MixBits(x + kSplitMixStep); }

std::string Number(const char* form, uint64_t value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), form, static_cast<unsigned long long>(value));
  return text.data();
}

constexpr uint64_t kSerials = 1'000'000;  // of a year, a body and a product code
constexpr uint64_t kYearOfNone = 2012;    // no certificate has a number of it, nor of the years before
constexpr uint32_t kCertificatesAFirm = 8;

// Of 2022, those beyond its serials of the years before.
std::string CertificateNumber(uint64_t number, uint64_t year = 2022) {
  return absl::StrCat(year - number / kSerials, Number("010907%06llu", number % kSerials));
}

v1::CertificateStatus StatusOf(uint32_t number) {
  switch (Mix(number) % 100) {
    case 0:
    case 1:
      return v1::CERTIFICATE_STATUS_SUSPENDED;
    case 2:
      return v1::CERTIFICATE_STATUS_REVOKED;
    case 3:
      return v1::CERTIFICATE_STATUS_CANCELLED;
    default:
      return v1::CERTIFICATE_STATUS_VALID;
  }
}

}  // namespace

Workload::Workload(uint32_t listings, uint32_t certificates)
    : listings_(listings), certificates_(certificates), published_(listings, false) {}

v1::Control Workload::Heartbeat() {
  v1::Control control;
  control.set_event_id("heartbeat-1");
  control.set_source("registry");
  control.set_schema_version(1);
  control.set_occurred_at(kFirstLookupAt - 1);
  control.set_received_at(kFirstLookupAt - 1);
  control.mutable_heartbeat()->set_registry_as_of(kFirstLookupAt - 1);
  return control;
}

v1::Certificate Workload::Certificate(uint32_t number, uint32_t models) {
  v1::Certificate certificate;
  certificate.set_event_id(Number("certificate-%llu", number));
  certificate.set_source("registry");
  certificate.set_schema_version(1);
  const int64_t effective_at = kFirstLookupAt - 300 * kDayMicros;
  certificate.set_occurred_at(effective_at);
  certificate.set_received_at(kFirstLookupAt - kDayMicros / 4);
  certificate.set_number(CertificateNumber(number));
  certificate.set_version("B0");
  certificate.set_status(StatusOf(number));
  certificate.set_effective_at(effective_at);
  certificate.set_valid_from(effective_at);
  // One in a hundred has run out since.
  certificate.set_valid_until(number % 100 == 99 ? kFirstLookupAt - 30 * kDayMicros
                                                 : kFirstLookupAt + 1'500 * kDayMicros);
  const std::string firm = models == 2 ? "" : absl::StrCat(number / kCertificatesAFirm);
  certificate.set_holder(absl::StrCat("某某电子科技有限公司", firm));
  certificate.set_maker(certificate.holder());
  certificate.set_factory("某某电子科技有限公司第二工厂");
  certificate.set_product_code("0907");
  certificate.add_models("PB-20000");
  certificate.add_models("PB-10000");
  for (uint32_t i = 2; i < models; ++i) certificate.add_models(absl::StrCat("PB-", 10'000 + i, "-", number));
  return certificate;
}

void Workload::Envelope(const std::string& event_id, int64_t received_at) {
  lookup_.Clear();
  lookup_.set_event_id(event_id);
  lookup_.set_source("platform/gate-3");
  lookup_.set_schema_version(1);
  lookup_.set_occurred_at(received_at - 40'000);
  lookup_.set_received_at(received_at);
}

void Workload::Describe(uint32_t listing) {
  const uint64_t mixed = Mix(listing + uint64_t{1'000'000'007});
  lookup_.set_platform(Number("platform-%02llu", mixed % 15));
  lookup_.set_listing_id(Number("6%011llu", listing));
  lookup_.set_seller_uscc(Number("9133010%011llu", mixed % 120'000));
  const uint64_t shown = Mix(mixed) % certificates_;
  if (mixed % 100 == 1) {
    lookup_.set_certificate_number(CertificateNumber(shown, kYearOfNone));
  } else if (mixed % 200 == 2) {
    lookup_.set_certificate_number(Number("CCC-%llu", shown));
  } else {
    lookup_.set_certificate_number(CertificateNumber(shown));
  }
  lookup_.set_product_code("0907");
  lookup_.set_model("PB-20000");
  lookup_.set_made_at(kFirstLookupAt - 60 * kDayMicros);
  lookup_.set_region("330110");
  lookup_.set_title("某某品牌20000毫安时大容量快充移动电源便携充电宝官方旗舰店正品");
}

const v1::Lookup& Workload::Next(uint64_t index) {
  const auto listing = static_cast<uint32_t>(Mix(~index) % listings_);
  Envelope(Number("lookup-%012llu", index), kFirstLookupAt + static_cast<int64_t>(index) * kBetweenLookups);
  Describe(listing);
  lookup_.set_scene(!published_[listing] ? v1::SCENE_PUBLISH
                    : listing % 5 == 0   ? v1::SCENE_CHECKOUT
                                         : v1::SCENE_ON_SALE);
  published_[listing] = true;
  return lookup_;
}

const v1::Lookup& Workload::Patrol(uint64_t index, const std::string& event_id, int64_t received_at) {
  Envelope(event_id, received_at);
  const auto listing = static_cast<uint32_t>(Mix(~index) % listings_);
  Describe(listing);
  lookup_.set_scene(listing % 5 == 0 ? v1::SCENE_CHECKOUT : v1::SCENE_ON_SALE);
  return lookup_;
}

const v1::Lookup& Workload::PatrolOf(char family, uint32_t listing, uint32_t certificate, const std::string& event_id,
                                     int64_t received_at) {
  Envelope(event_id, received_at);
  Describe(listing);
  lookup_.set_listing_id(family + Number("%011llu", listing));
  lookup_.set_certificate_number(CertificateNumber(certificate));
  lookup_.set_scene(v1::SCENE_ON_SALE);
  return lookup_;
}

std::string Workload::KeyOf(const v1::Lookup& lookup) { return lookup.platform() + "/" + lookup.listing_id(); }

}  // namespace zaojing::bench
