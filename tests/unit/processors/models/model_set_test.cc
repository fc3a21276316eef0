#include "processors/models/model_set.h"

#include <gtest/gtest.h>

namespace zaojing {
namespace {

struct Case {
  const char* printed;
  const char* claimed;
  ModelMatch match;
};

constexpr ModelMatch kYes = ModelMatch::kMatch;
constexpr ModelMatch kNo = ModelMatch::kMismatch;
constexpr ModelMatch kMaybe = ModelMatch::kUndecided;

const Case kCases[] = {
    // One model, however typed; and its neighbours, which are others.
    {"A-100", "a 100", kYes},
    {"A-100", "Ａ１００", kYes},
    {"A-100", "A-1000", kNo},
    {"A-100", "A-10-0", kNo},
    {"A-100", "AA-100", kNo},
    {"AB-C1", "A-BC1", kNo},
    {"V1.5", "V15", kNo},
    {"KFR-35GW/NhA1", "KFR-35GW", kNo},
    {"KFR-35GW/NhA1", "kfr-35gw/nha1", kYes},
    // Lists on both sides.
    {"A-100、B-200；C-300", "B-200", kYes},
    {"A-100、B-200", "A-100, B-200", kYes},
    {"A-100、B-200", "A-100/B-200", kYes},
    {"A-100、B-200", "A-100,C-300", kNo},
    {"A-100 / B-200", "B200", kYes},
    // Ranges: both ends and what is between, not what is beside.
    {"A-100~A-150", "A-99", kNo},
    {"A-100~A-150", "A-100", kYes},
    {"A-100~A-150", "A-127", kYes},
    {"A-100～A-150", "A-150", kYes},
    {"A-100~A-150", "A-151", kNo},
    {"A-100~A-150", "B-127", kNo},
    {"A-100~A-150", "A-127X", kNo},
    {"A-100~A-150", "A-0127", kNo},
    {"A-100至150", "A-120", kYes},
    {"A-001~A-150", "A-050", kYes},
    {"A-001~A-150", "A-50", kNo},
    {"A-100W~A-150W", "A-120W", kYes},
    {"A-100A~A-100F", "A-100C", kYes},
    {"A-100A~A-100F", "A-100G", kNo},
    {"A-100~A-150", "A-100~A-120", kYes},
    {"A-100~A-150", "A-140~A-160", kNo},
    {"A-150~A-100", "A-120", kMaybe},  // cannot be read: what is between is not known,
    {"A-150~A-100", "A-150", kYes},    // the ends are
    {"A-100~B-200", "A-150", kMaybe},
    {"A-1~A-3~A-5", "A-1", kYes},
    {"A-1~A-3~A-5", "A-9", kMaybe},
    {"A-100~A-150(B)", "A-120", kYes},
    {"A-100~A-150(B)", "A-120(B)", kYes},
    {"A-100~A-150(B)", "A-120C", kNo},
    {"A-100(B)~A-150", "A-160", kNo},
    // Brackets.
    {"PB-20000(BC-1)", "PB-20000", kYes},
    {"PB-20000(BC-1)", "PB-20000 BC-1", kYes},
    {"PB-20000（BC-1）", "pb20000(bc1)", kYes},
    {"PB-20000(BC-1)", "BC-1", kNo},
    {"(BC-1)", "BC-1", kYes},
    {"A-100(B,C)", "A-100C", kYes},
    {"A-100(B、C)", "A-100D", kNo},
    {"A-100(B", "A-100B", kYes},
    {"A-100)", "A-100", kYes},
    {"A-1(B)(C)", "A-1C", kYes},
    {"A-1(B)(C)", "A-1BC", kYes},
    {"AB(C)", "ABC", kYes},
    {"KY100(220V)", "KY-100 220V", kYes},
    {"A-100", "A-100(黑色)", kYes},
    // Words around a claim.
    {"A-100", "美的A-100白色", kYes},
    {"小米A1", "大米A1", kNo},
    {"小米A1", "小米A1", kYes},
    {"A-100", "白色", kNo},
    // Open ends: what is listed is certain, the rest undecided.
    {"A-100等", "A-100", kYes},
    {"A-100...", "A-200", kMaybe},
    {"A-100系列", "A-100-2", kMaybe},
    {"详见附件", "A-100", kMaybe},
    {"A-1**", "A-123", kMaybe},
    // Nothing to compare.
    {"", "A-100", kMaybe},
    {" ，、", "A-100", kMaybe},
    {"A-100", "", kMaybe},
    {"A-100", " - ", kMaybe},
    {"A-100", "A-100等", kYes},
};

// Breaks: a good listing held up, or a foreign one let through on somebody's certificate. Seen line by line.
TEST(MatchModel, ReadsModelsAsPeopleWriteThem) {
  for (const Case& c : kCases) {
    EXPECT_EQ(MatchModel(c.claimed, CompileModels({c.printed})), c.match) << c.printed << " : " << c.claimed;
  }
}

// Breaks: a list split over several fields read as less than its parts. Seen on a model of the second field.
TEST(MatchModel, TextsTogetherAreOneSet) {
  const ModelSet set = CompileModels({"A-100", "B-1~B-9"});
  EXPECT_EQ(MatchModel("A-100,B-5", set), kYes);
  EXPECT_EQ(MatchModel("B-10", set), kNo);
  EXPECT_EQ(set.size(), 1U + 1U + 5U);  // header, a model, a range: what a certificate costs
}

// Breaks: brackets in brackets in brackets that take the worker's memory. Seen by the set's size and its being open.
TEST(CompileModels, VariantsAreBounded) {
  std::string printed = "A";
  for (int i = 0; i < 40; ++i) printed += "(B" + std::to_string(i) + ")";
  const ModelSet set = CompileModels({printed});
  EXPECT_LE(set.size(), 1U + 64U);
  EXPECT_EQ(MatchModel("A", set), kYes);
  EXPECT_EQ(MatchModel("C", set), kMaybe);
}

}  // namespace
}  // namespace zaojing
