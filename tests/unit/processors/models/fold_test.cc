#include "processors/models/fold.h"

#include <gtest/gtest.h>

namespace zaojing {
namespace {

// Breaks: a form of a sign that stays what it was, so that a list is one long model. Seen form by form.
TEST(FoldModelText, EverySignHasOneForm) {
  EXPECT_EQ(FoldModelText("ａ－１００（ｂ）"), "A-100(B)");
  EXPECT_EQ(FoldModelText("A—1、B–2；C‐3，D|E"), "A-1,B-2,C-3,D,E");
  EXPECT_EQ(FoldModelText("A～B〜C至D到E"), "A~B~C~D~E");
  EXPECT_EQ(FoldModelText("【A】［B］{C}"), "(A)(B)(C)");
  EXPECT_EQ(FoldModelText("A1 / A2"), "A1,A2");
  EXPECT_EQ(FoldModelText("KFR-35GW/NhA1"), "KFR-35GW/NHA1");
  EXPECT_EQ(FoldModelText("型号：A1型和A2"), "A1,A2");
  for (const char* open : {"A…", "A...", "A......", "A等", "A系列", "A附件"})
    EXPECT_EQ(FoldModelText(open), "A\x01") << open;
  EXPECT_EQ(FoldModelText("V1.5"), "V1.5");
  EXPECT_EQ(FoldModelText("\xff\xe4\x01"), "\xff\xe4 ");  // no UTF-8, and no open sign smuggled in
}

// Breaks: one firm taken for two, or two for one. Seen on the ways a name is written, and on names that differ.
TEST(NameHash, OneNameHoweverItIsWritten) {
  const uint64_t name = NameHash("深圳市某电子（集团）有限公司");
  for (const char* same :
       {"深圳市某电子(集团)有限公司", " 深圳市某电子 （集团）有限公司", "深圳市某电子集团有限公司"}) {
    EXPECT_EQ(NameHash(same), name) << same;
  }
  EXPECT_EQ(NameHash("ACME Co., Ltd."), NameHash("ａｃｍｅ CO LTD"));
  EXPECT_NE(NameHash("深圳市某电器（集团）有限公司"), name);
  EXPECT_NE(NameHash("91110000600037341L"), NameHash("91110000600037341M"));
  EXPECT_EQ(NameHash(""), 0U);
  EXPECT_EQ(NameHash(" （）."), 0U);
}

}  // namespace
}  // namespace zaojing
