// Goal: a CSV is cut into the fields its writer meant, or refused with the line where it went wrong.
#include "ingest/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace zaojing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Table {
  std::vector<std::vector<std::string>> rows;
  std::vector<uint64_t> lines;
  absl::Status status;
};

Table Parse(const std::string& text) {
  std::istringstream input(text);
  CsvReader reader(input, "in.csv");
  Table table;
  for (std::vector<std::string> row; reader.Next(&row);) {
    table.rows.push_back(row);
    table.lines.push_back(reader.line());
  }
  table.status = reader.status();
  return table;
}

// The whole of RFC 4180 in one: a comma, a line end or a quote inside quotes must not end a field.
TEST(Csv, ReadsQuotedFields) {
  const Table table = Parse("a,\"b,c\",\"say \"\"hi\"\"\"\r\n\"two\nlines\",,\"\"\nlast,x,y");
  ASSERT_TRUE(table.status.ok()) << table.status;
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("a", "b,c", "say \"hi\""), ElementsAre("two\nlines", "", ""),
                                      ElementsAre("last", "x", "y")));
  EXPECT_THAT(table.lines, ElementsAre(1, 2, 4));
}

// Spreadsheets add a mark at the start and empty lines at the end; neither is a field.
TEST(Csv, PassesOverMarkAndEmptyLines) {
  const Table table = Parse("\xef\xbb\xbfname,n\r\n\r\n\nx,1\r\n\r\n");
  ASSERT_TRUE(table.status.ok());
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("name", "n"), ElementsAre("x", "1")));
}

// An empty last field and a row of commas are fields, empty ones.
TEST(Csv, KeepsEmptyFields) {
  EXPECT_THAT(Parse("a,\n,,\n").rows, ElementsAre(ElementsAre("a", ""), ElementsAre("", "", "")));
  EXPECT_TRUE(Parse("").rows.empty());
  EXPECT_TRUE(Parse("").status.ok());
}

// A carriage return alone belongs to the field: only CRLF ends a line.
TEST(Csv, KeepsLoneCarriageReturns) { EXPECT_THAT(Parse("a\rb,c\n").rows, ElementsAre(ElementsAre("a\rb", "c"))); }

// Guessing past a broken quote would shift every later column: the file ends there, with the line.
TEST(Csv, TellsTheLineOfABrokenQuote) {
  const Table open = Parse("a,b\nc,\"d\ne,f\n");
  EXPECT_EQ(open.status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(open.status.message()), HasSubstr("in.csv:2: a quote is never closed"));
  EXPECT_THAT(open.rows, ElementsAre(ElementsAre("a", "b")));
  EXPECT_THAT(std::string(Parse("a\n\"b\"c\n").status.message()), HasSubstr("in.csv:2: text after a closing quote"));
  EXPECT_THAT(std::string(Parse("a\nb\"c\"\n").status.message()), HasSubstr("in.csv:2: a quote inside a field"));
}

// One stray quote at the top must not pull a whole file into memory.
TEST(Csv, BoundsARow) {
  const Table quoted = Parse("a\n\"" + std::string(3'000'000, 'x'));
  EXPECT_EQ(quoted.status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(quoted.status.message()), HasSubstr("in.csv:2: row over 1 MiB"));
  EXPECT_EQ(Parse(std::string(3'000'000, 'x')).status.code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace zaojing
