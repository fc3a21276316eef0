// Identifiers of the outside world: their forms and check characters. A failed check is an answer, never a crash. Pure.
//
// Forms of credential numbers, by which their kind is known:
//   CCC                  16 digits: year 4, body 2, product code 4, serial 6; shown with a version "(B0)" or without
//   production licence   XK, 2 digits, "-", 3 digits, "-", 5 digits; a province in brackets may stand before it
//   device registration  国 or a province, 械注, one of 准 进 许, 11 digits (order 2014-4 on)
//   device record        province and city, 械备, 8 digits or more, perhaps 号
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "zaojing/v1/codes.pb.h"

namespace zaojing {

// A credential number small enough for tables. CCC: the 16 digits as a number. Other kinds: bit 63 and 60 bits of a
// hash of the number without its decoration. 0 = none. Ids sort as the keys made of them do.
using CredentialId = uint64_t;

// What a number as shown amounts to.
struct CredentialNumber {
  CredentialId id = 0;  // 0 = not of any known form
  v1::CredentialKind kind = v1::CREDENTIAL_KIND_UNSPECIFIED;
  std::string_view version;  // CCC: inside the brackets; a view into what was read; may be empty
};
CredentialNumber ParseCredentialNumber(std::string_view shown);

// Ids of the CCC form.
constexpr bool IsCcc(CredentialId id) { return id != 0 && (id >> 63) == 0; }

// Codes of the CCC catalogue: four digits, and where they stand in a number of the CCC form.
inline constexpr size_t kCatalogueCodeAt = 6;
inline constexpr size_t kCatalogueCodeDigits = 4;
inline constexpr size_t kCatalogueCodes = 10'000;
// The value of such a code; -1 for any other text.
constexpr int CatalogueCodeValue(std::string_view code) {
  if (code.size() != kCatalogueCodeDigits) return -1;
  int value = 0;
  for (const char c : code) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}
constexpr bool IsCatalogueCode(std::string_view code) { return CatalogueCodeValue(code) >= 0; }
// What a number of the CCC form says: certification body (digits 5-6) and product code. REQUIRE IsCcc(id).
inline constexpr size_t kBodies = 100;
constexpr size_t BodyOf(CredentialId id) { return id / 10'000'000'000 % kBodies; }
constexpr size_t CatalogueCodeOf(CredentialId id) { return id / 1'000'000 % kCatalogueCodes; }
// Whether the code is the one in the number of this id.
constexpr bool IsCodeOfNumber(CredentialId id, std::string_view code) {
  return IsCcc(id) && CatalogueCodeValue(code) == static_cast<int>(CatalogueCodeOf(id));
}

// 16 characters by which state tables and jobs know the credential: the digits, or '~' and 15 hex digits.
std::string CredentialKey(CredentialId id);
// The id of such a key; 0 when it is none.
CredentialId CredentialOfKey(std::string_view key);

// The form GTINs are compared in: of 14 digits or fewer, the shortest of 8, 12, 13 and 14 that the number can be written
// with, since the others are the same one behind zeros (application identifier 01 always has 14). Check digits are not
// looked at, and any other text stays as it is. A view into what was read.
std::string_view NormalGtin(std::string_view gtin);

// 统一社会信用代码, GB 32100-2015: 18 characters of the standard's alphabet, the last one the check character.
bool IsUscc(std::string_view code);

}  // namespace zaojing
