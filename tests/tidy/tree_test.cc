// Every rule over the tree as it is.
#include <gtest/gtest.h>

#include <cstdlib>
#include <ostream>
#include <string>

#include "tests/tidy/rules.h"

namespace zaojing::tidy {

void PrintTo(const Rule& rule, std::ostream* out) { *out << rule.name; }

namespace {

const Tree& TheTree() {
  static const Tree tree = [] {
    const char* root = std::getenv("ZAOJING_SOURCE_DIR");
    return ReadTree(root == nullptr ? "." : root).value();
  }();
  return tree;
}

class TreeTest : public testing::TestWithParam<Rule> {};

// Breaks: anything tests/tidy/rules.h forbids. Seen by reading the tree; the message says what to do instead.
TEST_P(TreeTest, Obeys) {
  for (const Violation& violation : GetParam().check(TheTree())) {
    ADD_FAILURE() << violation.path << ':' << violation.line << ": " << violation.message;
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, TreeTest, testing::ValuesIn(kRules),
                         [](const auto& rule) { return std::string(rule.param.name); });

// Breaks: a tree read from the wrong place, in which every rule passes. Seen by the files that must be there.
TEST(Tree, IsThisProject) {
  size_t found = 0;
  for (const SourceFile& file : TheTree()) {
    if (file.path == "dev" || file.path == "proto/limits.h" || file.path == "ARCHITECTURE.md") ++found;
  }
  EXPECT_EQ(found, 3U);
}

}  // namespace
}  // namespace zaojing::tidy
