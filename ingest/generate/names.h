// Names and numbers of the generated world, valid by their standards (USCC, GTIN) and unique by construction: each is
// made of the ordinal of what it names. Functions append to or return text; pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zaojing::generate {

// Decimal, with leading zeros up to `width`.
void AppendNumber(uint64_t number, uint32_t width, std::string* text);

// GB/T 2260 six digits of a city, by draw.
std::string_view RegionOf(uint64_t draw);
// The name of the city of such a code.
std::string_view CityOf(uint64_t draw);

// GB 32100-2015 with its check character. Makers and merchants never share one.
std::string MakerUscc(uint64_t maker, std::string_view region);
std::string MerchantUscc(uint64_t merchant, std::string_view region);

// A firm's name: city, brand, trade. REQUIRES maker < 2^30. `former`: what it was called before.
std::string MakerName(uint64_t maker, std::string_view city, bool former);
// Of the firm's brand alone.
std::string BrandOf(uint64_t maker);

// GTIN-13 with its check digit.
std::string Gtin(uint64_t goods);

// Models of a certificate as printed: a list, a range, brackets, or a list with an open end, by draw.
std::vector<std::string> PrintedModels(uint64_t draw);
// One of the models that text means, as a seller would write it; `pick` says which.
std::string ClaimedModel(uint64_t draw, uint64_t pick);
// A model that it does not mean. REQUIRES !HasOpenModels(draw).
std::string ForeignModel(uint64_t draw, uint64_t pick);
// The text ends in 等: what is not in it is undecided.
bool HasOpenModels(uint64_t draw);

}  // namespace zaojing::generate
