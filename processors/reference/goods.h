// The goods that something was said about (a failed sample, a line of a recall, an order), and how the goods of a
// listing lie to them. Only what both sides state is compared; of a maker names with names and codes with codes. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "processors/models/model_set.h"
#include "processors/reference/scope_table.h"
#include "proto/identifiers.h"
#include "zaojing/v1/rules.pb.h"

namespace zaojing {

// Hash of an anchor's text; never 0. Names of makers are hashed by NameHash instead, and are 0 when not stated.
uint64_t AnchorHash(std::string_view text);

// An empty field is any. Texts of a batch are from NormalBatch, the GTIN is from NormalGtin.
struct Bounds {
  std::string listing;  // look-up key
  std::string platform;
  std::string seller;
  CredentialId certificate = 0;
  uint64_t maker_name = 0;  // NameHash
  uint64_t maker_uscc = 0;  // NameHash
  std::string product_code;
  std::string model;  // as printed
  ModelSet models;    // of it
  std::string gtin;
  std::string batch_from;
  std::string batch_to;
  int64_t made_from = 0;
  int64_t made_until = 0;  // 0 = open
  bool has_maker() const { return (maker_name | maker_uscc) != 0; }
};

// Everything the maker of goods goes by (NameHash): names and codes as certified and claimed, and by the register of
// enterprises. Whether certificate or claim state a name, and a code, themselves: only that can contradict one.
struct MakerNames {
  absl::InlinedVector<uint64_t, 12> hashes;
  bool named = false;
  bool coded = false;
  bool Has(uint64_t hash) const { return std::find(hashes.begin(), hashes.end(), hash) != hashes.end(); }
};

// What a listing says of its goods, completed by what its certificate says. Views of the caller's.
struct Goods {
  std::string_view listing;  // look-up key
  std::string_view seller;
  CredentialId certificate = 0;
  const CertificateScope* scope = nullptr;
  MakerNames makers;
  std::string_view product_code;  // claimed, else that of the CCC number; empty = not known
  std::string_view model;
  std::string_view gtin;   // NormalGtin
  std::string_view batch;  // NormalBatch
  int64_t made_at = 0;
};

// A failed sample: the goods are the same product (UNSPECIFIED: they are not), and of the same batch or not.
// REQUIRES one of the sample's anchors (GTIN, certificate, maker, listing) is the goods'.
v1::Fit FitOfSample(const Bounds& sample, const Goods& goods);
// A line of a recall, or the subject of an order: everything stated holds together. REQUIRES as above, its anchor.
v1::Fit FitOfBounds(const Bounds& bounds, const Goods& goods);

}  // namespace zaojing
