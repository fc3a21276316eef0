// Proof that documents which have drifted from the tree are caught.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "proto/topics.h"
#include "tests/tidy/rules.h"

namespace zaojing::tidy {
namespace {

using Texts = std::initializer_list<std::pair<std::string_view, std::string_view>>;

Tree TreeOf(Texts texts) {
  Tree tree;
  for (const auto& [path, text] : texts) tree.push_back(MakeFile(std::string(path), text));
  return tree;
}

constexpr std::string_view kCodemap =
    "# A\n\n## Codemap\n\n- `app/`: wiring, of `proto/` and more\n- `proto/`\n  - `proto/zaojing/`: "
    "schemas\n\n## End\n"
    "- `nowhere/`\n";

// Breaks: a codemap that lies, which is worse than none. Seen by a folder it lacks, one it invents, and no
// document.
TEST(Codemap, NamesEveryFolderAndNoOther) {
  const auto broken = [](Texts texts) { return CheckCodemap(TreeOf(texts)).size(); };
  EXPECT_EQ(broken({{"ARCHITECTURE.md", kCodemap}, {"app/main.cc", ""}, {"proto/zaojing/v1/a.proto", ""}}), 0U);
  EXPECT_EQ(broken({{"ARCHITECTURE.md", kCodemap}, {"app/main.cc", ""}, {"proto/limits.h", ""}}), 1U);
  EXPECT_EQ(
      broken({{"ARCHITECTURE.md", kCodemap}, {"app/a/b.cc", ""}, {"proto/zaojing/v1/a.proto", ""}, {"new/x.h", ""}}),
      2U);  // app/a/ and new/
  EXPECT_EQ(broken({{"app/main.cc", ""}}), 1U);
}

// Breaks: links to what was moved. Seen from the root, from a folder, upwards, out of the tree, and with an
// anchor.
TEST(Links, LeadSomewhere) {
  const auto broken = [](std::string_view path, std::string_view line) {
    return CheckLinks(TreeOf({{path, line}, {"docs/adr/0001-a.md", ""}, {"dev", ""}})).size();
  };
  EXPECT_EQ(broken("README.md", "[a](docs/adr/0001-a.md#decision), [b](docs/adr), [c](dev)"), 0U);
  EXPECT_EQ(broken("docs/adr/README.md", "[a](0001-a.md) and [b](../../dev)"), 0U);
  EXPECT_EQ(broken("README.md", "[a](https://example.org/x), [b](#limits)"), 0U);
  EXPECT_EQ(broken("README.md", "[a](docs/adr/0002-b.md) and [b](de)"), 2U);
  EXPECT_EQ(broken("docs/adr/README.md", "[a](../../../shared/x.md)"), 1U);
}

// Breaks: a decision nobody finds, or one that says what without why. Seen by each lack.
TEST(Decisions, AreListedAndWhole) {
  constexpr std::string_view kWhole = "# 1\n## Status\na\n## Context\nb\n## Decision\nc\n## Consequences\nd\n";
  constexpr std::string_view kPart = "# 1\n## Status\na\n## Decision\nc\n## Consequences\nd\n";
  const auto broken = [](std::string_view index, std::string_view text) {
    return CheckDecisions(TreeOf({{"docs/adr/README.md", index}, {"docs/adr/0001-a.md", text}})).size();
  };
  EXPECT_EQ(broken("- [a](0001-a.md)", kWhole), 0U);
  EXPECT_EQ(broken("", kWhole), 1U);
  EXPECT_EQ(broken("- [a](0001-a.md)", kPart), 1U);
}

std::string TopicTable(std::string_view skipped, std::string_view wrong) {
  std::string text = "# A\n## Topics\n";
  for (const TopicSpec& spec : kTopics) {
    if (spec.name == skipped) continue;
    const bool per_task = spec.per_task != (spec.name == wrong);
    text.append("| `").append(spec.name).append(per_task ? "` | P |\n" : "` | 1 |\n");
  }
  return text;
}

// Breaks: a topic added or changed in the code alone. Seen by a row lacking, one too many, and one with
// another P.
TEST(TopicTable, IsThatOfTheCode) {
  const auto broken = [](const std::string& text) {
    return CheckTopicTable(TreeOf({{"ARCHITECTURE.md", text}})).size();
  };
  EXPECT_EQ(broken(TopicTable("", "")), 0U);
  EXPECT_EQ(broken(TopicTable("alerts", "")), 1U);
  EXPECT_EQ(broken(TopicTable("", "ccc.lookups")), 1U);
  EXPECT_EQ(broken(TopicTable("", "") + "| `lookups` | P |\n"), 1U);
}

// Breaks: a subcommand or verb users cannot find. Seen by one that a README leaves out; both are read.
TEST(CommandsNamed, InBothReadmes) {
  const auto broken = [](std::string_view english, std::string_view chinese) {
    return CheckCommandsNamed(TreeOf({{"README.md", english},
                                      {"README.zh-CN.md", chinese},
                                      {"dev", "verb_test() {\n}\n"},
                                      {"app/replay.cc", "  auto* c = app.add_subcommand(\"replay\", \"x\");\n"}}))
        .size();
  };
  constexpr std::string_view kBoth = "`replay` and ./dev test\n";
  EXPECT_EQ(broken(kBoth, "build/release/zaojing replay --input x; ./dev test\n"), 0U);
  EXPECT_EQ(broken(kBoth, "./dev test\n"), 1U);
  EXPECT_EQ(broken("./dev tests `replayed`\n", kBoth), 2U);
}

}  // namespace
}  // namespace zaojing::tidy
