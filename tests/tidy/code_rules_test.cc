// Proof that the rules of sizes, names and leftovers catch what they forbid.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/tidy/rules.h"

namespace zaojing::tidy {
namespace {

Tree One(std::string_view path, std::string_view text) { return {MakeFile(std::string(path), text)}; }

std::string Repeat(std::string_view line, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text.append(line);
  return text;
}

// Breaks: a cap off by one, or none. Seen at the largest file allowed and one line more.
TEST(FileSizes, CapsAtSixHundredLines) {
  EXPECT_EQ(CheckFileSizes(One("app/run.cc", Repeat("int x;\n", 600))).size(), 0U);
  EXPECT_EQ(CheckFileSizes(One("app/run.cc", Repeat("int x;\n", 601))).size(), 1U);
}

// Breaks: counting bytes, which forbids half a line of Chinese. Seen at the border in both scripts.
TEST(LineWidths, CountsCharacters) {
  EXPECT_EQ(CheckLineWidths(One("dev", Repeat("x", 120))).size(), 0U);
  EXPECT_EQ(CheckLineWidths(One("dev", Repeat("x", 121))).size(), 1U);
  EXPECT_EQ(CheckLineWidths(One("dev", Repeat("警", 120))).size(), 0U);
  EXPECT_EQ(CheckLineWidths(One("dev", Repeat("警", 121))).size(), 1U);
  EXPECT_EQ(CheckLineWidths(One("proto/zaojing/v1/alert.proto", Repeat("x", 121))).size(), 1U);
  EXPECT_EQ(CheckLineWidths(One("README.md", Repeat("x", 121))).size(), 0U);
}

// Breaks: a function grown past the cap unseen, whatever stands around its head. Seen at 70 and 71 lines,
// head included.
TEST(FunctionLengths, CapsAtSeventyLines) {
  const std::string body = Repeat("  Call();\n", 68);
  for (std::string_view head : {"void F() {\n", "TEST(A, B) {\n", "Lane::Lane(int x) : x_(x) {\n",
                                "template <class T>\nvoid G(std::function<T(enum E)> f) noexcept {\n",
                                "std::vector<int> H(const struct S& s) const override {\n"}) {
    EXPECT_EQ(CheckFunctionLengths(One("app/run.cc", std::string(head) + body + "}\n")).size(), 0U) << head;
    EXPECT_EQ(CheckFunctionLengths(One("app/run.cc", std::string(head) + body + "  x();\n}\n")).size(), 1U) << head;
  }
}

// Breaks: a method hidden by its class and namespaces; or a class, table or macro taken for a function. Seen
// on each.
TEST(FunctionLengths, TellsFunctionsFromTheRest) {
  const std::string lines = Repeat("  Call(1);\n", 80);
  const auto lengths = [](const std::string& text) { return CheckFunctionLengths(One("app/run.cc", text)).size(); };
  EXPECT_EQ(lengths("namespace a {\nclass B {\n  void C() {\n" + lines + "  }\n};\n}\n"), 1U);
  EXPECT_EQ(lengths("namespace a {\n" + lines + "}\n"), 0U);
  EXPECT_EQ(lengths("class B {\n" + lines + "};\n"), 0U);
  EXPECT_EQ(lengths("constexpr auto kTable = std::array<int, F(3)>{\n" + Repeat("    1,\n", 40) + "};\n"), 0U);
  EXPECT_EQ(lengths("constexpr Row kRows[Count(3)] = {\n" + Repeat("    {1, F(2)},\n", 80) + "};\n"), 0U);
}

// Breaks: empty words that slip in as a type, variable, constant, macro, field or file. Seen in every way of
// writing.
TEST(Names, CatchesWordsThatSayNothing) {
  for (std::string_view code :
       {"class TaskManager;", "int row_data = 0;", "void Helper();", "constexpr int kInfoMax = 1;",
        "#define ROW_DATA 1", "int data_;", "struct FileUtils {};"}) {
    EXPECT_EQ(CheckNames(One("app/run.cc", code)).size(), 1U) << code;
  }
  EXPECT_EQ(CheckNames(One("app/file_helper.cc", "")).size(), 1U);
  EXPECT_EQ(CheckNames(One("proto/zaojing/v1/alert.proto", "  string extra_info = 1;")).size(), 1U);
}

// Breaks: a ban on names we did not choose, or on words that contain one. Seen on members of libraries and
// the like.
TEST(Names, LeavesOthersNamesAlone) {
  for (std::string_view code :
       {"auto p = bytes.data();", "p->data();", "std::data(x);", "spdlog::info(x);", "absl::StatusCode::kDataLoss;",
        "int metadata;", "int utility;", "// data in prose", "auto s = \"data\";"}) {
    EXPECT_EQ(CheckNames(One("app/run.cc", code)).size(), 0U) << code;
  }
  EXPECT_EQ(CheckNames(One("proto/status_util.h", "#include \"proto/status_util.h\"")).size(), 0U);
}

// Breaks: marks of unfinished work in any text. Seen in code, a comment, a script and a document, and not in
// words.
TEST(Leftovers, CatchesMarks) {
  const std::string mark =
      "TO"
      "DO";
  for (std::string_view path : {"app/run.cc", "dev", "README.md"}) {
    EXPECT_EQ(CheckLeftovers(One(path, "# " + mark + ": later\n")).size(), 1U) << path;
  }
  EXPECT_EQ(CheckLeftovers(One("app/run.cc", "// mas" + mark + "n and autodock\n")).size(), 0U);
}

// Breaks: dead code kept in comments; or prose taken for it, which would teach people to write worse
// comments.
TEST(Leftovers, TellsCodeFromProse) {
  for (std::string_view code : {"// Commit();", "  // task.Apply(record);", "// return status;", "// #include <map>",
                                "// const int count = 3;", "// log->Poll(1);"}) {
    EXPECT_EQ(CheckLeftovers(One("app/run.cc", code)).size(), 1U) << code;
  }
  for (std::string_view prose : {"// kept for ever (history is evidence);", "// Returns false when absent;",
                                 "// the lane commits first; then the store;", "// see proto/limits.h",
                                 "// P(X >= k) = I_q(k, r), with r = 1 / dispersion and q = mean / (r + mean);",
                                 "//   EWMA  statistic Z_i = a Y_i + (1 - a) Z_{i-1}, or `start`;",
                                 "//   kappa given (theta):  L_t = max(0, L_{t-1} + l_t(kappa));"}) {
    EXPECT_EQ(CheckLeftovers(One("app/run.cc", prose)).size(), 0U) << prose;
  }
}

// Breaks: headers without their manual or their guard. Seen on each lack.
TEST(HeaderFrame, WantsManualAndGuard) {
  EXPECT_EQ(CheckHeaderFrame(One("app/a.h", "// What it is.\n#pragma once\nint x;\n")).size(), 0U);
  EXPECT_EQ(CheckHeaderFrame(One("app/a.h", "#pragma once\n")).size(), 1U);
  EXPECT_EQ(CheckHeaderFrame(One("app/a.h", "// What it is.\nint x;\n")).size(), 1U);
  EXPECT_EQ(CheckHeaderFrame(One("app/a.h", "// What.\n#pragma once\nusing namespace std;\n")).size(), 1U);
  EXPECT_EQ(CheckHeaderFrame(One("app/a.cc", "int x;\n")).size(), 0U);
}

}  // namespace
}  // namespace zaojing::tidy
