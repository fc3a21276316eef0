#include "proto/identifiers.h"

#include <array>
#include <cstring>
#include <iterator>

#include "proto/ids.h"

namespace zaojing {
namespace {

constexpr size_t kCccDigits = 16;
constexpr size_t kVersionMax = 8;
constexpr size_t kHanBytes = 3;
constexpr CredentialId kOtherKind = uint64_t{1} << 63;
constexpr CredentialId kHashBits = (uint64_t{1} << 60) - 1;
constexpr char kHex[] = "0123456789abcdef";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Eight ASCII digits as a number; false when one is none. All eight bytes at once: every look-up passes here twice.
bool ReadEight(const char* at, uint64_t* number) {
  uint64_t bytes;
  std::memcpy(&bytes, at, sizeof bytes);
  constexpr uint64_t kZeros = 0x3030303030303030U;
  const uint64_t values = bytes ^ kZeros;
  // A byte is a digit when its value is below ten: its high half is zero, and adding six does not carry into it.
  if (((values | (values + 0x0606060606060606U)) & 0xf0f0f0f0f0f0f0f0U) != 0) return false;
  uint64_t pairs = values * 10 + (values >> 8);
  pairs = ((pairs & 0x000000ff000000ffU) * 0x000f424000000064U +
           ((pairs >> 16) & 0x000000ff000000ffU) * 0x0000271000000001U) >>
          32;
  *number = pairs & 0xffffffffU;
  return true;
}
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "ReadEight has the first digit in the lowest byte");

bool TakePrefix(std::string_view prefix, std::string_view* text) {
  if (text->substr(0, prefix.size()) != prefix) return false;
  text->remove_prefix(prefix.size());
  return true;
}

bool TakeSuffix(std::string_view suffix, std::string_view* text) {
  if (text->size() < suffix.size() || text->substr(text->size() - suffix.size()) != suffix) return false;
  text->remove_suffix(suffix.size());
  return true;
}

// One Chinese character, as its lead byte says.
bool TakeHan(std::string_view* text) {
  if (text->size() < kHanBytes || (static_cast<unsigned char>((*text)[0]) & 0xf0U) != 0xe0U) return false;
  text->remove_prefix(kHanBytes);
  return true;
}

bool AreDigits(std::string_view text) {
  for (const char c : text) {
    if (!IsDigit(c)) return false;
  }
  return true;
}

// "(B0)", ASCII or full-width brackets: the registries' own pages do not tell them apart.
bool ReadVersion(std::string_view text, std::string_view* version) {
  const bool bracketed =
      (TakePrefix("(", &text) && TakeSuffix(")", &text)) || (TakePrefix("（", &text) && TakeSuffix("）", &text));
  if (!bracketed || text.empty() || text.size() > kVersionMax) return false;
  for (const char c : text) {
    if (!IsDigit(c) && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z')) return false;
  }
  *version = text;
  return true;
}

CredentialNumber Other(v1::CredentialKind kind, std::string_view bare) {
  return {kOtherKind | (Hash64(bare) & kHashBits), kind, {}};
}

bool IsLicence(std::string_view bare) {
  return bare.size() == 14 && bare.substr(0, 2) == "XK" && AreDigits(bare.substr(2, 2)) && bare[4] == '-' &&
         AreDigits(bare.substr(5, 3)) && bare[8] == '-' && AreDigits(bare.substr(9));
}

CredentialNumber ParseOther(std::string_view shown) {
  std::string_view rest = shown;
  const bool province = (TakePrefix("(", &rest) && TakeHan(&rest) && TakePrefix(")", &rest)) ||
                        (TakePrefix("（", &rest) && TakeHan(&rest) && TakePrefix("）", &rest));
  const std::string_view licence = province ? rest : shown;
  if (IsLicence(licence)) return Other(v1::CREDENTIAL_KIND_PRODUCTION_LICENCE, licence);
  rest = shown;
  (void)TakeSuffix("号", &rest);
  const std::string_view bare = rest;
  if (!TakeHan(&rest)) return {};
  if (TakePrefix("械注", &rest)) {
    if (!TakePrefix("准", &rest) && !TakePrefix("进", &rest) && !TakePrefix("许", &rest)) return {};
    if (rest.size() != 11 || !AreDigits(rest)) return {};
    return Other(v1::CREDENTIAL_KIND_DEVICE_REGISTRATION, bare);
  }
  if (!TakePrefix("械备", &rest) && !(TakeHan(&rest) && TakePrefix("械备", &rest))) return {};
  if (rest.size() < 8 || rest.size() > 16 || !AreDigits(rest)) return {};
  return Other(v1::CREDENTIAL_KIND_DEVICE_RECORD, bare);
}

constexpr std::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr size_t kUsccLength = 18;
constexpr std::array<int, kUsccLength - 1> kUsccWeights = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                                           29, 25, 13, 8,  24, 10, 30, 28};

}  // namespace

CredentialNumber ParseCredentialNumber(std::string_view shown) {
  uint64_t high = 0;
  uint64_t low = 0;
  const bool ccc = shown.size() >= kCccDigits && ReadEight(shown.data(), &high) && ReadEight(shown.data() + 8, &low);
  if (!ccc) return ParseOther(shown);
  CredentialNumber number{high * 100'000'000 + low, v1::CREDENTIAL_KIND_CCC, {}};
  if (shown.size() > kCccDigits && !ReadVersion(shown.substr(kCccDigits), &number.version)) return {};
  if (number.id == 0) return {};  // sixteen zeros are nobody's
  return number;
}

std::string CredentialKey(CredentialId id) {
  std::string key(kCccDigits, '0');
  if (IsCcc(id)) {
    for (size_t i = kCccDigits; i > 0 && id > 0; id /= 10) key[--i] = static_cast<char>('0' + id % 10);
    return key;
  }
  for (size_t i = kCccDigits; i > 1; id >>= 4) key[--i] = kHex[id & 15U];
  key[0] = '~';
  return key;
}

CredentialId CredentialOfKey(std::string_view key) {
  if (key.size() != kCccDigits) return 0;
  if (key[0] != '~') {
    const CredentialNumber number = ParseCredentialNumber(key);
    return IsCcc(number.id) ? number.id : 0;
  }
  CredentialId id = 0;
  for (const char c : key.substr(1)) {
    const size_t digit = std::string_view(kHex).find(c);
    if (digit == std::string_view::npos) return 0;
    id = id << 4 | digit;
  }
  return id | kOtherKind;
}

std::string_view NormalGtin(std::string_view gtin) {
  constexpr size_t kForms[] = {14, 13, 12, 8};
  if (!AreDigits(gtin)) return gtin;
  for (size_t i = 0; i + 1 < std::size(kForms); ++i) {
    const size_t zeros = kForms[i] - kForms[i + 1];
    const bool padded = gtin.size() == kForms[i] && gtin.find_first_not_of('0') >= zeros;
    if (padded) gtin.remove_prefix(zeros);
  }
  return gtin;
}

bool IsUscc(std::string_view code) {
  if (code.size() != kUsccLength) return false;
  int sum = 0;
  for (size_t i = 0; i + 1 < kUsccLength; ++i) {
    const size_t value = kUsccAlphabet.find(code[i]);
    if (value == std::string_view::npos) return false;
    sum += static_cast<int>(value) * kUsccWeights[i];
  }
  const size_t check = static_cast<size_t>((31 - sum % 31) % 31);
  return kUsccAlphabet[check] == code[kUsccLength - 1];
}

}  // namespace zaojing
