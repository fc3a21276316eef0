#include "processors/stats/disproportionality/state_bytes.h"

#include <utility>

namespace zaojing::stats {

void StateWriter::Number(uint64_t value) {
  while (value >= 0x80) {
    bytes_.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  bytes_.push_back(static_cast<char>(value));
}

void StateWriter::SignedNumber(int64_t value) {
  Number((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63));
}

void StateWriter::Text(std::string_view text) {
  Number(text.size());
  bytes_.append(text);
}

uint64_t StateReader::Fail() {
  ok_ = false;
  bytes_ = {};
  return 0;
}

uint64_t StateReader::Number() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
    const uint64_t byte = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    value |= (byte & 0x7f) << shift;
    if (byte >= 0x80) continue;
    // One number has one form: no zeros at the end, no bits beyond the 64th.
    const bool canonical = (byte != 0 || shift == 0) && (shift < 63 || byte <= 1);
    return canonical ? value : Fail();
  }
  return Fail();
}

int64_t StateReader::SignedNumber() {
  const uint64_t value = Number();
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

void StateReader::Texts(size_t bytes_max, Interner* texts) {
  const uint64_t count = Number();
  for (uint64_t i = 0; i < count && ok_; ++i) {
    const uint64_t size = Number();
    if (size == 0 || size > bytes_max || size > bytes_.size()) {
      Fail();
      return;
    }
    const std::string_view text = bytes_.substr(0, size);
    if (i > 0 && text <= texts->Text(static_cast<uint32_t>(i - 1))) {
      Fail();
      return;
    }
    texts->Intern(text);
    bytes_.remove_prefix(size);
  }
}

TextTable::TextTable(const Interner& texts)
    : texts_(texts), rank_(texts.Ranks()), order_(rank_.size()), used_(rank_.size()), place_(rank_.size()) {
  for (uint32_t id = 0; id < rank_.size(); ++id) order_[rank_[id]] = id;
}

void TextTable::Write(StateWriter* writer) {
  uint32_t places = 0;
  for (size_t rank = 0; rank < used_.size(); ++rank) {
    place_[rank] = places;
    places += used_[rank] ? 1U : 0U;
  }
  writer->Number(places);
  for (size_t rank = 0; rank < used_.size(); ++rank) {
    if (used_[rank]) writer->Text(texts_.Text(order_[rank]));
  }
}

}  // namespace zaojing::stats
