// The product codes of the generated world: codes and names of the CCC catalogue, how common they are, and what they
// require. Codes 0914 and 1120 stand for goods whose real codes are not public in what we have read (power banks; e-bike
// batteries and chargers): their dates are the real ones. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace zaojing::generate {

enum class Need : uint8_t {
  kCertified,     // for years
  kSelfDeclared,  // for years, a self-declaration will do
  kSince2024,     // from 2024-08-01
  kSince2025,     // from 2025-11-01, none before
  kNone,          // no certificate needed
};

struct Product {
  std::string_view code;
  std::string_view name;
  uint32_t weight;  // share of the certificates, in no unit
  Need need;
};

std::span<const Product> Products();
// Numbers in Products(): goods that have needed a certificate for years, by draw and weight; the others by name.
uint32_t CertifiedProduct(uint64_t draw);
uint32_t AnyCertifiableProduct(uint64_t draw);
uint32_t EBike();
uint32_t PowerBank();
uint32_t EBikeBattery();
uint32_t Unregulated(uint64_t draw);

inline constexpr uint32_t kCategoriesOfProduct = 3;

}  // namespace zaojing::generate
