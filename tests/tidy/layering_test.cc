// Proof that the tables of layers and places catch what they forbid and let pass what they allow.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/tidy/rules.h"

namespace zaojing::tidy {
namespace {

Violations Direction(std::string_view path, std::string_view text) {
  return CheckIncludeDirection({MakeFile(std::string(path), text)});
}

size_t PlacesBroken(std::string_view path, std::string_view text) {
  return CheckPlaces({MakeFile(std::string(path), text)}).size();
}

// Breaks: a table without teeth. Seen on one include against the direction for every kind of layer.
TEST(IncludeDirection, CatchesWhatPointsUpwards) {
  EXPECT_EQ(Direction("proto/ids.cc", "#include \"ingest/record.h\"\n").size(), 1U);
  EXPECT_EQ(Direction("ingest/decoder.cc", "#include \"processors/state/store.h\"\n").size(), 1U);
  EXPECT_EQ(Direction("processors/rules/surge.cc", "#include \"ingest/record.h\"\n").size(), 1U);
  EXPECT_EQ(Direction("processors/state/store.h", "#include \"processors/runtime/task.h\"\n").size(), 1U);
  EXPECT_EQ(Direction("processors/runtime/task.cc", "#include \"processors/screen/screen_stage.h\"\n").size(), 1U);
  EXPECT_EQ(Direction("processors/screen/screen_stage.cc", "#include \"processors/runtime/lane.h\"\n").size(), 1U);
  EXPECT_EQ(Direction("processors/risk/risk_stage.cc", "#include \"app/commands.h\"\n").size(), 1U);
}

// Breaks: adapters seen from the core, or the core's stages from an adapter; tests seen from anywhere but
// tests.
TEST(IncludeDirection, AdaptersAreSeenByTheAppAlone) {
  EXPECT_EQ(Direction("processors/runtime/lane.cc", "#include \"sinks/kafka/kafka_log.h\"\n").size(), 1U);
  EXPECT_EQ(
      Direction("processors/state/task_state.cc", "#include \"processors/state/rocksdb/rocksdb_store.h\"\n").size(),
      1U);
  EXPECT_EQ(Direction("sinks/kafka/kafka_log.cc", "#include \"processors/runtime/task.h\"\n").size(), 1U);
  EXPECT_EQ(Direction("sinks/kafka/kafka_log.cc", "#include \"tests/sim/sim_log.h\"\n").size(), 1U);
  EXPECT_EQ(Direction("app/run.cc", "#include \"sinks/kafka/kafka_log.h\"\n").size(), 0U);
  EXPECT_EQ(Direction("tests/sim/sim_log.cc", "#include \"sinks/kafka/kafka_log.h\"\n").size(), 0U);
}

// Breaks: a rule that forbids what the design wants. Seen on the includes it names, a library and a generated
// header.
TEST(IncludeDirection, LetsTheDesignPass) {
  EXPECT_EQ(Direction("sinks/kafka/kafka_log.h", "#include \"processors/runtime/log.h\"\n").size(), 0U);
  EXPECT_EQ(Direction("processors/screen/screen_stage.h", "#include \"processors/runtime/stage.h\"\n").size(), 0U);
  EXPECT_EQ(Direction("processors/state/rocksdb/rocksdb_store.h", "#include \"processors/state/store.h\"\n").size(),
            0U);
  EXPECT_EQ(Direction("ingest/decoder.h", "#include \"zaojing/v1/lookup.pb.h\"\n").size(), 0U);
  EXPECT_EQ(Direction("ingest/decoder.h", "#include \"absl/status/status.h\"\n").size(), 0U);
}

// Breaks: a new folder that no rule looks at. Seen as a violation that asks for its row; the message names
// the file.
TEST(IncludeDirection, EveryFolderHasARow) {
  const Violations found = Direction("elsewhere/thing.cc", "int x;\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].path, "elsewhere/thing.cc");
  EXPECT_NE(found[0].message.find("add one"), std::string::npos);
}

// Breaks: a word of the table that matches nothing. Seen by planting one of each row, outside and inside its
// place.
TEST(Places, CatchesEveryRow) {
  struct Case {
    std::string_view planted;
    std::string_view outside;
    std::string_view inside;
  };
  constexpr Case kCases[] = {
      {"#include <librdkafka/rdkafka.h>", "app/run.cc", "sinks/kafka/kafka_log.cc"},
      {"rd_kafka_commit_transaction(rk, 1);", "ingest/kafka/source.cc", "sinks/kafka/kafka_log.cc"},
      {"#include <rocksdb/db.h>", "processors/state/task_state.cc", "processors/state/rocksdb/rocksdb_store.cc"},
      {"std::jthread worker;", "processors/runtime/lane.cc", "app/run.cc"},
      {"auto t = std::chrono::steady_clock::now();", "processors/runtime/lane.cc", "processors/runtime/clock.cc"},
      {"const auto t = time(nullptr);", "sinks/kafka/kafka_log.cc", "app/run.cc"},
      {"std::random_device seed;", "processors/runtime/task.cc", "tests/sim/sim_faults.cc"},
      {"#include <fstream>", "processors/stats/gps.cc", "ingest/file/file_reader.cc"},
      {"#include <spdlog/spdlog.h>", "processors/risk/risk_stage.cc", "app/run.cc"},
      {"throw 1;", "ingest/decoder.cc", "app/rules.cc"},
      {"__builtin_prefetch(at);", "processors/state/entry_cache.cc", "proto/fetch_ahead.h"},
      {"std::this_thread::sleep_for(x);", "tests/broker/kill_test.cc", "app/run.cc"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(PlacesBroken(c.outside, c.planted), 1U) << c.planted << " in " << c.outside;
    EXPECT_EQ(PlacesBroken(c.inside, c.planted), 0U) << c.planted << " in " << c.inside;
  }
  EXPECT_EQ(PlacesBroken("app/run.cc", "#include <ranges>"), 1U);
  EXPECT_EQ(PlacesBroken("app/run.cc", "assert(x);"), 1U);
}

// Breaks: words found where they are no code: in comments, literals, or inside longer words. Seen on each.
TEST(Places, LooksAtCodeOnly) {
  EXPECT_EQ(PlacesBroken("processors/runtime/task.cc", "// std::thread is for app/\n/* rand( */ int x;\n"), 0U);
  EXPECT_EQ(PlacesBroken("processors/runtime/task.cc", "auto s = \"std::thread\"; auto r = R\"(rand())\";\n"), 0U);
  EXPECT_EQ(PlacesBroken("processors/runtime/task.cc", "int operand(int); bool rethrown; static_assert(true);\n"), 0U);
  EXPECT_EQ(PlacesBroken("processors/runtime/task.cc", "auto n = 1'000; std::thread t;  // 'quoted'\n"), 1U);
}

}  // namespace
}  // namespace zaojing::tidy
