#include "processors/screen/listing_index.h"

#include <algorithm>
#include <cstring>

#include "processors/state/tables.h"
#include "proto/identifiers.h"
#include "proto/ids.h"

namespace zaojing {
namespace {

static_assert(kIndexSubjectBytes == 1 + kIndexKeyBytes, "the index is scanned by index key");

std::string LooseKey() { return "-" + std::string(kIndexKeyBytes - 1, '0'); }

bool IsOfCertificate(std::string_view index_key) {
  return index_key[0] == '~' || (index_key[0] >= '0' && index_key[0] <= '9');
}

}  // namespace

std::string MarkedKey(char mark, uint64_t hash) {
  std::string key = CredentialKey(uint64_t{1} << 63 | hash);
  key[0] = mark;
  return key;
}

std::string CodeKey(std::string_view product_code) { return MarkedKey('#', Hash64(product_code)); }
std::string MakerKey(uint64_t hash) { return MarkedKey('@', hash); }
std::string GtinKey(std::string_view gtin) { return MarkedKey('*', Hash64(NormalGtin(gtin))); }

IndexKeys IndexKeysOf(const Listing& listing) {
  IndexKeys keys;
  const CredentialId id = ParseCredentialNumber(listing.certificate_number).id;
  if (id != 0) keys.push_back(CredentialKey(id));
  const std::string_view code = listing.product_code;
  if (!code.empty() && !IsCodeOfNumber(id, code)) keys.push_back(CodeKey(code));
  if (listing.maker_apart) keys.push_back(MakerKey(listing.maker_hash));
  if (!listing.gtin.empty()) keys.push_back(GtinKey(listing.gtin));
  if (keys.empty()) keys.push_back(LooseKey());
  std::sort(keys.begin(), keys.end());
  return keys;
}

uint64_t ListingIndex::SubjectNumberOf(std::string_view key) const {
  const std::string_view index_key = key.substr(1, kIndexKeyBytes);
  return IsOfCertificate(index_key) ? CredentialOfKey(index_key) : 0;
}

void ListingIndex::Derive(std::string_view key, std::string_view value, DerivedEntries* derived) const {
  const Listing listing = Listing::Read(value);
  const uint64_t seller = listing.seller_uscc.empty() ? 0 : Hash64(listing.seller_uscc);
  char untied[sizeof seller];
  std::memcpy(untied, &seller, sizeof seller);
  std::string head(1, static_cast<char>(Table::kIndex));
  for (const std::string& index_key : IndexKeysOf(listing)) {
    head.replace(1, std::string::npos, index_key);
    const bool told = IsOfCertificate(index_key) && listing.untied;
    derived->Add(head, key.substr(1), told ? std::string_view(untied, sizeof untied) : std::string_view());
  }
}

}  // namespace zaojing
