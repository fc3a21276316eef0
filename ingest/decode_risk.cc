// Decoders of what risk alone reads: complaints, and the signals of the screens.
#include <string>

#include "ingest/decoder.h"
#include "ingest/field_checks.h"
#include "ingest/parse.h"
#include "proto/limits.h"

namespace zaojing {

DecodeResult Decode(const Record& record, v1::Complaint* complaint) {
  if (DecodeResult bad = ParseRecord(record, complaint)) return bad;
  FieldChecks checks;
  checks.EnvelopeOf(record, *complaint);
  checks.RequiredId(complaint->case_number(), "case_number");
  checks.Require(complaint->version() != 0, "version");
  checks.Code(complaint->kind(), v1::ComplaintKind_IsValid(complaint->kind()), "kind");
  // A withdrawal only has to name its case. A complaint without a problem counts under no problem.
  checks.Require(complaint->withdrawn() || !complaint->maker().empty() || !complaint->model().empty(),
                 "maker or model");
  checks.Text(complaint->complainant(), limits::kNameBytesMax, "complainant");
  checks.Id(complaint->respondent_uscc(), "respondent_uscc");
  checks.Text(complaint->maker(), limits::kNameBytesMax, "maker");
  checks.Text(complaint->model(), limits::kNameBytesMax, "model");
  checks.Text(complaint->problem(), limits::kNameBytesMax, "problem");
  checks.Id(complaint->region(), "region");
  checks.Text(complaint->text(), limits::kTextBytesMax, "text");
  checks.Key(record.key == complaint->case_number(), "is not the case number");
  return checks.Result();
}

DecodeResult Decode(const Record& record, v1::Signal* signal) {
  if (DecodeResult bad = ParseRecord(record, signal)) return bad;
  FieldChecks checks;
  checks.EnvelopeOf(record, *signal);
  checks.Code(signal->kind(), v1::SignalKind_IsValid(signal->kind()), "kind");
  checks.RequiredId(signal->cause(), "cause");
  checks.Id(signal->certificate_number(), "certificate_number");
  // Only a reach is about a status, about what was said, an enterprise or a product code; DONE closes a cause whatever it
  // was.
  checks.OptionalCode(v1::Reason_IsValid(signal->reason()), "reason");
  const bool of_certificate =
      signal->reason() == v1::REASON_UNSPECIFIED && signal->product_code().empty() && signal->maker().empty();
  if (signal->kind() == v1::SIGNAL_KIND_REACH && of_certificate) {
    checks.Code(signal->status(), v1::CertificateStatus_IsValid(signal->status()), "status");
  } else {
    checks.OptionalCode(v1::CertificateStatus_IsValid(signal->status()), "status");
  }
  checks.Id(signal->vehicle_code(), "vehicle_code");
  checks.Id(signal->region(), "region");
  checks.Id(signal->first_region(), "first_region");
  checks.Id(signal->number(), "number");
  checks.Id(signal->product_code(), "product_code");
  checks.Text(signal->maker(), limits::kNameBytesMax, "maker");
  checks.Text(signal->model(), limits::kNameBytesMax, "model");
  if (signal->task() >= static_cast<uint32_t>(limits::kPartitionsMax)) checks.BadValue("task", "not below 1024");
  const auto platforms = static_cast<size_t>(signal->platforms_size());
  if (platforms > limits::kPlatformsMax) checks.BadValue("platforms", "more than 256");
  for (const std::string& platform : signal->platforms()) checks.RequiredId(platform, "platforms");
  const auto merchants = static_cast<size_t>(signal->merchant_hashes_size());
  if (merchants > limits::kMerchantHashesMax) checks.BadValue("merchant_hashes", "more than 10000");
  const auto goods = static_cast<size_t>(signal->goods_size());
  if (goods > limits::kMerchantHashesMax) checks.BadValue("goods", "more than 10000");
  checks.OptionalCode(v1::NumberPart_IsValid(signal->part()), "part");
  checks.Id(signal->part_digits(), "part_digits");
  checks.Text(signal->listing(), limits::kKeyBytesMax, "listing");
  checks.Id(signal->seller_uscc(), "seller_uscc");
  checks.Key(record.key == signal->cause(), "is not the cause");
  return checks.Result();
}

static_assert(limits::kPartitionsMax == 1024 && limits::kPlatformsMax == 256 && limits::kMerchantHashesMax == 10'000,
              "the texts above name them");

}  // namespace zaojing
