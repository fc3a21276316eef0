#include "proto/identifiers.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace zaojing {
namespace {

// Breaks: a number of one kind taken for another, or its version lost. Seen on one number of each form.
TEST(CredentialNumber, TheFormTellsTheKind) {
  const CredentialNumber plain = ParseCredentialNumber("2022011606454871");
  EXPECT_EQ(plain.kind, v1::CREDENTIAL_KIND_CCC);
  EXPECT_EQ(plain.id, 2022011606454871U);
  EXPECT_EQ(plain.version, "");
  for (const char* versioned : {"2022221101000119(B0)", "2022221101000119（B0）"}) {
    EXPECT_EQ(ParseCredentialNumber(versioned).version, "B0");
    EXPECT_EQ(ParseCredentialNumber(versioned).id, 2022221101000119U);
  }
  const CredentialNumber licence = ParseCredentialNumber("XK13-014-00123");
  EXPECT_EQ(licence.kind, v1::CREDENTIAL_KIND_PRODUCTION_LICENCE);
  EXPECT_EQ(ParseCredentialNumber("(京)XK13-014-00123").id, licence.id);
  EXPECT_EQ(ParseCredentialNumber("（京）XK13-014-00123").id, licence.id);
  EXPECT_EQ(ParseCredentialNumber("国械注准20153131234").kind, v1::CREDENTIAL_KIND_DEVICE_REGISTRATION);
  EXPECT_EQ(ParseCredentialNumber("苏械注准20152131234").kind, v1::CREDENTIAL_KIND_DEVICE_REGISTRATION);
  const CredentialNumber record = ParseCredentialNumber("苏苏械备20150123号");
  EXPECT_EQ(record.kind, v1::CREDENTIAL_KIND_DEVICE_RECORD);
  EXPECT_EQ(ParseCredentialNumber("苏苏械备20150123").id, record.id);
  EXPECT_NE(record.id, licence.id);
}

// Breaks: a malformed number looked up as if it were good. Seen by having no id.
TEST(CredentialNumber, AnythingElseHasNoId) {
  for (const char* bad : {"",
                          "202201160645487",
                          "20220116064548711",
                          "2022011606454871()",
                          "2022011606454871(B0",
                          "2022O11606454871",
                          "202201160645487:",
                          "202201160645487/",
                          "\377022011606454871",
                          "2022011606454871 ",
                          "2022011606454871(B0)x",
                          "2022011606454871(B0）",
                          "2022011606454871(123456789)",
                          "0000000000000000",
                          "XK13-014-0012",
                          "XK1A-014-00123",
                          "XK13-014-001234",
                          "(京XK13-014-00123",
                          "国械注准2015313123",
                          "国械注20153131234",
                          "械备20150123",
                          "国械备2015",
                          "苏苏苏械备20150123"}) {
    EXPECT_EQ(ParseCredentialNumber(bad).id, 0U) << bad;
    EXPECT_EQ(ParseCredentialNumber(bad).kind, v1::CREDENTIAL_KIND_UNSPECIFIED) << bad;
  }
}

// Breaks: two credentials under one key of a table, or a key that finds another one. Seen there and back, and by the
// digits of a CCC number being its own key, which state written before had.
TEST(CredentialKey, GoesThereAndBack) {
  std::set<std::string> keys;
  for (const char* number : {"2022011606454871", "0022011606454871", "XK13-014-00123", "国械注准20153131234"}) {
    const CredentialId id = ParseCredentialNumber(number).id;
    const std::string key = CredentialKey(id);
    EXPECT_EQ(key.size(), 16U);
    EXPECT_EQ(CredentialOfKey(key), id) << number;
    EXPECT_TRUE(keys.insert(key).second) << number;
    EXPECT_EQ(IsCcc(id), key == number) << number;
  }
  for (const char* bad : {"", "~", "~00000000000000g", "202201160645487", "XK13-014-00123"}) {
    EXPECT_EQ(CredentialOfKey(bad), 0U) << bad;
  }
}

// Breaks: one GTIN taken for two, or two for one. Seen on each form with and without the zeros before it.
TEST(Gtin, IsTheSameBehindZeros) {
  EXPECT_EQ(NormalGtin("06901234567892"), "6901234567892");
  EXPECT_EQ(NormalGtin("6901234567892"), "6901234567892");
  EXPECT_EQ(NormalGtin("00614141999996"), "614141999996");
  EXPECT_EQ(NormalGtin("0614141999996"), "614141999996");
  EXPECT_EQ(NormalGtin("00000096385074"), "96385074");
  EXPECT_EQ(NormalGtin("000096385074"), "96385074");
  EXPECT_EQ(NormalGtin("00385074"), "00385074");              // eight digits are the shortest
  EXPECT_EQ(NormalGtin("00012345678905"), "012345678905");    // not of eight: it has nine
  EXPECT_EQ(NormalGtin("16901234567899"), "16901234567899");  // a case of them is another
  for (const char* other : {"", "0690123456789A", "006901234567892", "069012"}) EXPECT_EQ(NormalGtin(other), other);
}

// Breaks: a typing error in a code that names a firm for ever. Seen on single changes and swaps of a good code.
TEST(Uscc, TheCheckCharacterHolds) {
  const std::string good = "91110000600037341L";
  EXPECT_TRUE(IsUscc(good));
  for (size_t i = 0; i < good.size(); ++i) {
    for (const char c : std::string("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
      std::string changed = good;
      changed[i] = c;
      EXPECT_EQ(IsUscc(changed), changed == good) << changed;
    }
  }
  EXPECT_FALSE(IsUscc(""));
  EXPECT_FALSE(IsUscc("9111000060003734"));
  EXPECT_FALSE(IsUscc("91110000600037341l"));
  EXPECT_FALSE(IsUscc("9111000060003734IL"));
}

}  // namespace
}  // namespace zaojing
