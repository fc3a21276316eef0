#include "proto/ids.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace zaojing {
namespace {

// Breaks: another hash, another length prefix or another cut, which would rename every alert and take-down
// already issued. Seen against SHA-256 computed with Python's hashlib over big-endian 32-bit lengths and the
// fields.
TEST(MakeId, MatchesVectorsComputedElsewhere) {
  EXPECT_EQ(MakeId({}), "e3b0c44298fc1c149afbf4c8996fb924");
  EXPECT_EQ(MakeId({"rule", "subject"}), "e32c333bf80a95c5b304a716255abada");
  EXPECT_EQ(MakeId({"早警"}), "dd6f84cd933b42eafc8943f7085a98f8");
  EXPECT_EQ(MakeId({std::string_view("a\0b", 3)}), "874d47ad1d1fd334589a274787b0bfd4");
}

// Breaks: fields joined without their lengths, so that two different facts share an id. Seen on a moved
// border.
TEST(MakeId, BordersBetweenFieldsCount) {
  EXPECT_EQ(MakeId({"ab", "c"}), "f2939f903016e5bb29b1e4a61cdbd376");
  EXPECT_EQ(MakeId({"a", "bc"}), "b534ce16ac9c8b36823f39a395ce8e0e");
  EXPECT_NE(MakeId({"a", ""}), MakeId({"a"}));
}

// Breaks: a keyed hash that is not HMAC-SHA256, which no other office could match. Seen against the
// well-known vector for key "key", cut to 16 bytes.
TEST(KeyedHash, IsHmacSha256) {
  const std::string expected("\xf7\xbc\x83\xf4\x30\x53\x84\x24\xb1\x32\x98\xe6\xaa\x6f\xb1\x43", 16);
  EXPECT_EQ(KeyedHash("key", "The quick brown fox jumps over the lazy dog"), expected);
  EXPECT_NE(KeyedHash("other", "The quick brown fox jumps over the lazy dog"), expected);
}

// Breaks: a programmer passing an empty key, which would make personal data guessable by anyone. Seen as an
// abort.
TEST(KeyedHashDeathTest, RefusesAnEmptyKey) { EXPECT_DEATH(KeyedHash("", "13800000000"), "check failed"); }

struct Murmur2Case {
  std::string_view key;
  int32_t hash;  // as Java's signed int
};

// The vectors Apache Kafka tests its own murmur2 with.
constexpr Murmur2Case kMurmur2[] = {
    {"21", -973932308},
    {"foobar", -790332482},
    {"a-little-bit-long-string", -985981536},
    {"a-little-bit-longer-string", -1486304829},
    {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971},
    {"abc", 479470107},
};

// Breaks: C++ and Java disagreeing about a key's partition, so that screen rejects good look-ups as
// misrouted. Seen on Kafka's vectors, whose lengths leave every remainder modulo four; the largest P shows
// the whole positive hash.
TEST(PartitionOf, AgreesWithKafka) {
  for (const Murmur2Case& c : kMurmur2) {
    const auto positive = static_cast<int32_t>(static_cast<uint32_t>(c.hash) & 0x7fffffffU);
    for (int32_t partitions : {1, 7, 8, 1024, std::numeric_limits<int32_t>::max()}) {
      EXPECT_EQ(PartitionOf(c.key, partitions), positive % partitions) << c.key << " of " << partitions;
    }
  }
}

// Breaks: reading the key's bytes as signed, which goes unseen until a key is Chinese. Seen on keys whose
// tail holds bytes above 127, against a second implementation checked with Kafka's vectors.
TEST(PartitionOf, BytesAreUnsigned) {
  constexpr int32_t kLargest = std::numeric_limits<int32_t>::max();
  EXPECT_EQ(PartitionOf("早警", kLargest), -935913990 & 0x7fffffff);
  EXPECT_EQ(PartitionOf("listing早", kLargest), -184088289 & 0x7fffffff);
  EXPECT_EQ(PartitionOf("a早", kLargest), 2104787818);
}

// Breaks: a P of zero taken from a broken configuration, which would divide by zero. Seen as an abort.
TEST(PartitionOfDeathTest, RefusesNoPartitions) { EXPECT_DEATH(PartitionOf("abc", 0), "check failed"); }

}  // namespace
}  // namespace zaojing
