// The forms against numbers that exist; skips itself without the real records.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "ingest/csv.h"
#include "proto/identifiers.h"
#include "tests/support/real_records.h"

namespace zaojing {
namespace {

std::vector<std::vector<std::string>> Rows(const std::string& path) {
  std::ifstream input(path);
  CsvReader reader(input, path);
  std::vector<std::vector<std::string>> rows;
  for (std::vector<std::string> row; reader.Next(&row);) rows.push_back(row);
  rows.erase(rows.begin());
  return rows;
}

// Breaks: a good code refused, or a bad one let in. Seen on every published vector.
TEST(RealIdentifiers, UsccVectors) {
  const std::string path = RealRecords("reference/uscc_test_vectors.csv");
  if (path.empty()) GTEST_SKIP() << "no real records";
  int good = 0;
  for (const auto& row : Rows(path)) {
    EXPECT_EQ(IsUscc(row[0]), row[1] == "1") << row[0];
    good += row[1] == "1" ? 1 : 0;
  }
  EXPECT_GT(good, 200);
}

// Breaks: a number that is printed on real goods and not read. Seen on each, by its parts.
TEST(RealIdentifiers, CertificateNumbers) {
  const std::string path = RealRecords("reference/ccc_cert_no_examples.csv");
  if (path.empty()) GTEST_SKIP() << "no real records";
  int count = 0;
  for (const auto& row : Rows(path)) {
    const CredentialNumber number = ParseCredentialNumber(row[0]);
    EXPECT_EQ(number.kind, v1::CREDENTIAL_KIND_CCC) << row[0];
    EXPECT_EQ(CredentialKey(number.id), row[1] + row[2] + row[3] + row[4]);
    ++count;
  }
  EXPECT_EQ(count, 23);
}

}  // namespace
}  // namespace zaojing
