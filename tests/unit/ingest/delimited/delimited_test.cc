#include "ingest/delimited.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "proto/limits.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;

// Hands out a text in reads of a given size.
class TextSource final : public ByteSource {
 public:
  TextSource(std::string text, size_t step) : text_(std::move(text)), step_(step) {}
  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    const size_t bytes = std::min({size, step_, text_.size() - at_});
    std::memcpy(buffer, text_.data() + at_, bytes);
    at_ += bytes;
    return bytes;
  }

 private:
  const std::string text_;
  const size_t step_;
  size_t at_ = 0;
};

std::string Short(std::string_view field) {
  return field.size() < 100 ? std::string(field) : std::to_string(field.size()) + " bytes";
}

// Every row as "line|field|field" or "line!problem".
std::vector<std::string> Rows(const std::string& text, size_t step = 1 << 20) {
  TextSource source(text, step);
  DelimitedReader reader(source);
  DelimitedRow row;
  std::vector<std::string> rows;
  while (reader.Next(&row).value()) {
    std::string shown = std::to_string(row.line);
    for (const std::string_view field : row.fields) (shown += '|').append(Short(field));
    if (!row.problem.empty()) (shown += '!').append(row.problem);
    rows.push_back(shown);
  }
  return rows;
}

// A field could lose its commas, line ends or quotes, a line its number, or an end of line its carriage
// return; any of these changes the list. Reads of every size from 1 put each boundary inside each construct.
TEST(DelimitedReader, ReadsQuotedFieldsWhateverTheReadSize) {
  const std::string text =
      "\xEF\xBB\xBF"
      "a,b,c\r\n"
      "1,\"x,y\",\"say \"\"no\"\"\"\n"
      "\n"
      "\"two\nlines\",,\r\n"
      "\"\",\"\",\"\"\r\n"
      "last,\"q\",plain";
  const std::vector<std::string> expected = {"1|a|b|c", "2|1|x,y|say \"no\"", "4|two\nlines||", "6|||",
                                             "7|last|q|plain"};
  for (size_t step = 1; step <= text.size(); ++step) EXPECT_EQ(Rows(text, step), expected) << step;
}

// A stray quote could swallow what follows it; then later rows would be missing from the list.
TEST(DelimitedReader, GoesOnAfterABadRow) {
  EXPECT_THAT(Rows("a,b\n1,x\"y\n2,\"z\"w\n3,ok\n"),
              ElementsAre("1|a|b", "2!a quote inside a field, or text behind a quoted one",
                          "3!a quote inside a field, or text behind a quoted one", "4|3|ok"));
  EXPECT_THAT(Rows("a,b\n1,\"open\n2,ok\n3,ok"),
              ElementsAre("1|a|b", "2!a quoted field is not closed", "3|2|ok", "4|3|ok"));
}

// A record without end could take memory without end, or its tail be taken for a row.
TEST(DelimitedReader, RefusesARowOverTheLimit) {
  const std::string at_limit(limits::kRecordBytesMax, 'x');
  for (const size_t step : {size_t{1000}, size_t{1} << 20}) {
    EXPECT_THAT(Rows(at_limit + "\n" + at_limit + "y\n" + at_limit + at_limit + at_limit + "\n4\n", step),
                ElementsAre("1|" + Short(at_limit), "2!the row is too long", "3!the row is too long", "4|4"));
    EXPECT_THAT(Rows("\"" + at_limit + "\"\nnext\n", step), ElementsAre("1!the row is too long", "2|next"));
  }
}

// The reader could invent a row out of nothing.
TEST(DelimitedReader, EmptyTextHasNoRows) {
  EXPECT_TRUE(Rows("").empty());
  EXPECT_TRUE(Rows("\n\r\n\n").empty());
}

class ByteSourceTest : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) {
    return ::testing::TempDir() + "delimited_test." + std::to_string(getpid()) + "." + name;
  }
  static absl::StatusOr<std::string> ReadAll(const std::string& path) {
    absl::StatusOr<std::unique_ptr<ByteSource>> source = OpenBytes(path);
    if (!source.ok()) return source.status();
    std::string all;
    char buffer[1000];
    while (true) {
      const absl::StatusOr<size_t> bytes = (*source)->Read(buffer, sizeof(buffer));
      if (!bytes.ok()) return bytes.status();
      if (*bytes == 0) return all;
      all.append(buffer, *bytes);
    }
  }
};

// A cut gzip file could pass for a short one: zlib hands out the bytes before the cut without complaint.
TEST_F(ByteSourceTest, ReadsGzipAndPlainAndRefusesACutStream) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i * 7919) + ",";
  const std::string plain = Path("plain");
  std::ofstream(plain) << text;
  EXPECT_EQ(ReadAll(plain).value(), text);

  const std::string packed = Path("gz");
  const gzFile file = gzopen(packed.c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  EXPECT_EQ(ReadAll(packed).value(), text);

  std::ifstream whole(packed, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(whole)), std::istreambuf_iterator<char>());
  const std::string cut = Path("cut");
  std::ofstream(cut, std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  EXPECT_EQ(ReadAll(cut).status().code(), absl::StatusCode::kDataLoss);
  for (const std::string& path : {plain, packed, cut}) unlink(path.c_str());
  EXPECT_EQ(ReadAll(plain).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReadAll(::testing::TempDir()).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace zaojing
