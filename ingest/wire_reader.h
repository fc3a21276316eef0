// A walk over the fields of a serialised message without building it, for the two places where a full parse
// is too slow: look-ups, and the keys of records in files. It reads the plain subset of the wire format (no
// groups, tags of at most two bytes, canonical varints) and gives up on the rest, where the caller falls back
// on the real parser: so it may refuse good bytes, and never reads bytes otherwise than the parser would.
// Pure; views into its input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace zaojing {

class WireReader {
 public:
  enum class Type : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

  explicit WireReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  // Steps to the next field; false at the end of the bytes, and where they are not plain: done() tells which.
  bool Next() {
    if (at_ == end_ || !ReadTag()) return false;
    switch (type_) {
      case Type::kVarint:
        return ReadVarint(&number_);
      case Type::kBytes:
        return ReadBytes();
      case Type::kFixed64:
        return ReadFixed64();
      case Type::kFixed32:
        return Skip(4);
    }
    return Fail();
  }

  bool done() const { return plain_ && at_ == end_; }

  // Of the field Next() stepped to.
  uint32_t field() const { return field_; }
  Type type() const { return type_; }
  uint64_t number() const { return number_; }        // of type kVarint or kFixed64
  std::string_view bytes() const { return bytes_; }  // of type kBytes

 private:
  bool Fail() {
    plain_ = false;
    return false;
  }

  bool ReadTag() {
    auto tag = static_cast<uint32_t>(static_cast<unsigned char>(*at_++));
    if (tag >= 0x80) {
      if (at_ == end_) return Fail();
      const auto second = static_cast<uint32_t>(static_cast<unsigned char>(*at_++));
      if (second >= 0x80 || second == 0) return Fail();
      tag = (tag & 0x7fU) | (second << 7);
    }
    field_ = tag >> 3;
    type_ = static_cast<Type>(tag & 7U);
    return field_ != 0 || Fail();
  }

  bool ReadVarint(uint64_t* number) {
    uint64_t result = 0;
    for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
      const auto byte = static_cast<uint64_t>(static_cast<unsigned char>(*at_++));
      result |= (byte & 0x7fU) << shift;
      if (byte >= 0x80) continue;
      if (shift == 63 && byte > 1) return Fail();  // bits beyond the 64th
      *number = result;
      return true;
    }
    return Fail();
  }

  bool ReadBytes() {
    uint64_t size = 0;
    if (!ReadVarint(&size)) return false;
    if (size > static_cast<size_t>(end_ - at_)) return Fail();
    bytes_ = {at_, static_cast<size_t>(size)};
    at_ += size;
    return true;
  }

  bool ReadFixed64() {
    if (sizeof number_ > static_cast<size_t>(end_ - at_)) return Fail();
    std::memcpy(&number_, at_, sizeof number_);  // little-endian, as this machine is
    at_ += sizeof number_;
    return true;
  }

  bool Skip(size_t count) {
    if (count > static_cast<size_t>(end_ - at_)) return Fail();
    at_ += count;
    return true;
  }

  const char* at_;
  const char* end_;
  bool plain_ = true;
  uint32_t field_ = 0;
  Type type_ = Type::kVarint;
  uint64_t number_ = 0;
  std::string_view bytes_;
};

}  // namespace zaojing
