// Two tables: which folder may include which, and what may be used in some places only.
#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/rules.h"

namespace zaojing::tidy {
namespace {

// --- Who may include whom
// -------------------------------------------------------------------------------------

// A folder and what its files may include beside themselves: folders (without their own layers below) or
// single headers. A file belongs to the longest folder that holds it. What no row names is seen by app, tests
// and bench alone.
struct Layer {
  std::string_view folder;
  std::vector<std::string_view> may_include;
};

const std::vector<Layer>& Layers() {
  static const std::vector<Layer> layers = {
      {"proto", {}},
      // Interfaces and pure cores.
      {"ingest", {"proto"}},
      {"sinks", {"proto"}},
      {"processors/state", {"proto"}},
      {"processors/stats", {"proto"}},
      {"processors/rules", {"proto", "processors/state", "processors/stats"}},
      {"processors/models", {"proto"}},
      {"processors/reference", {"proto", "ingest", "processors/models"}},
      // Runtime and stages.
      {"processors/runtime", {"proto", "ingest", "sinks", "processors/state", "processors/reference"}},
      {"processors/screen",
       {"proto", "ingest", "processors/models", "processors/state", "processors/reference", "processors/rules",
        "processors/stats", "processors/runtime/stage.h"}},
      {"processors/risk",
       {"proto", "ingest", "processors/state", "processors/reference", "processors/rules", "processors/stats",
        "processors/runtime/stage.h"}},
      // Adapters: they see the interfaces they implement, never the stages.
      {"ingest/kafka",
       {"proto", "ingest", "sinks", "sinks/kafka", "processors/reference/reference_feed.h", "processors/runtime/log.h",
        "processors/runtime/clock.h"}},
      {"sinks/kafka",
       {"proto", "ingest", "ingest/kafka", "sinks", "processors/reference/reference_feed.h", "processors/runtime/log.h",
        "processors/runtime/clock.h"}},
      {"processors/reference/kafka",
       {"proto", "ingest", "ingest/kafka", "sinks/kafka", "processors/reference", "processors/runtime/clock.h"}},
      {"processors/state/rocksdb", {"proto", "processors/state"}},
      {"processors/reference/rocksdb",
       {"proto", "ingest", "processors/reference", "processors/state/rocksdb/rocksdb_options.h",
        "processors/state/rocksdb/rocksdb_status.h"}},
      {"ingest/file", {"proto", "ingest"}},
      {"ingest/generate", {"proto", "ingest"}},
      {"sinks/file", {"proto", "ingest", "ingest/file", "sinks"}},
      {"sinks/view", {"proto", "ingest", "sinks", "processors/state"}},
      {"sinks/http",
       {"proto", "sinks", "sinks/view", "processors/state", "processors/reference", "processors/rules",
        "processors/screen"}},
  };
  return layers;
}

constexpr std::string_view kSeeEverything[] = {"app", "bench", "tests"};

const Layer* LayerOf(std::string_view path) {
  const Layer* found = nullptr;
  for (const Layer& layer : Layers()) {
    if (IsIn(path, layer.folder) && (found == nullptr || layer.folder.size() > found->folder.size())) found = &layer;
  }
  return found;
}

template <typename Places>
bool IsInAny(std::string_view path, const Places& places) {
  return std::any_of(std::begin(places), std::end(places), [&](std::string_view place) { return IsIn(path, place); });
}

bool IsAllowed(const Layer& from, std::string_view included) {
  const Layer* to = LayerOf(included);
  if (to == nullptr) return false;  // app, bench, tests, or a folder without a row
  if (to == &from) return true;
  return std::any_of(from.may_include.begin(), from.may_include.end(),
                     [&](std::string_view entry) { return entry == to->folder || entry == included; });
}

std::string Joined(const std::vector<std::string_view>& names) {
  std::string out;
  for (std::string_view name : names) out.append(out.empty() ? "" : ", ").append(name);
  return out.empty() ? "nothing" : out;
}

void CheckIncludes(const SourceFile& file, const Layer& layer, Violations* out) {
  for (size_t i = 0; i < file.lines.size(); ++i) {
    const std::string_view line = file.lines[i];
    const std::string_view included = IncludedPath(line);
    const bool own = line.find('"') != std::string_view::npos && included.find('/') != std::string_view::npos;
    // Generated headers and those of libraries written with quotes have no layer.
    const bool generated = HasSuffix(included, ".pb.h");
    if (!own || generated || (LayerOf(included) == nullptr && !IsInAny(included, kSeeEverything))) continue;
    if (IsAllowed(layer, included)) continue;
    out->push_back({file.path, i + 1,
                    std::string(layer.folder) + " may not include " + std::string(included) + "; it may include " +
                        Joined(layer.may_include) +
                        ". Pass what you need as a value or an interface of a lower layer, or wire it in app/"});
  }
}

// --- What may be used where
// -----------------------------------------------------------------------------------

struct Place {
  std::vector<std::string_view> words;   // of code, whole words at their ends; or the beginning of an included path
  std::vector<std::string_view> within;  // the rule holds in these folders; empty = everywhere
  std::vector<std::string_view> except;  // but not in these
  std::string_view instead;
};

const std::vector<Place>& Places() {
  static const std::vector<std::string_view> pure = {"processors/models",    "processors/rules", "processors/screen",
                                                     "processors/risk",      "processors/stats", "processors/state",
                                                     "processors/reference", "ingest/generate"};
  static const std::vector<Place> places = {
      {{"librdkafka/", "RdKafka::"},
       {},
       {"*/kafka", "tests", "bench"},
       "the Kafka client stays under */kafka/; use processors/runtime/log.h"},
      {{"rd_kafka_begin_transaction", "rd_kafka_commit_transaction", "rd_kafka_abort_transaction",
        "rd_kafka_send_offsets_to_transaction"},
       {},
       {"sinks/kafka", "tests", "bench"},
       "only sinks/kafka begins, commits and aborts; use Log in processors/runtime/log.h"},
      {{"rocksdb/", "rocksdb::"},
       {},
       {"*/rocksdb", "sinks/view", "tests", "bench"},
       "RocksDB stays under */rocksdb/ and sinks/view/; use processors/state/store.h"},
      {{"std::thread", "std::jthread", "std::async", "pthread_create", "std::mutex", "absl::Mutex"},
       {},
       {"app", "*/kafka", "*/rocksdb", "sinks/view", "sinks/http", "processors/reference/reader.", "tests", "bench"},
       "threads and locks live in app/ and the adapters; a task has one thread and one owner"},
      {{"std::chrono::system_clock", "std::chrono::steady_clock", "std::chrono::high_resolution_clock", "absl::Now",
        "std::time(", "time(nullptr", "time(NULL", "clock_gettime", "gettimeofday"},
       {},
       {"processors/runtime/clock.", "app", "tests", "bench"},
       "take a Clock (processors/runtime/clock.h); what decides a record takes engine time instead"},
      {{"rand(", "srand(", "std::random_device", "absl::BitGen", "absl::InsecureBitGen", "getrandom", "arc4random"},
       {},
       {"app", "tests", "bench"},
       "the same history must give the same answer: derive the value from the record, or take a seed"},
      {{"fstream", "iostream", "filesystem", "unistd.h", "sys/", "spdlog/", "prometheus/", "std::printf", "getenv"},
       pure,
       {"*/kafka", "*/rocksdb", "processors/reference/reader."},
       "the core does no I/O, logging or metrics: return what happened and let the shell write it"},
      {{"throw"},
       {},
       {"app", "tests", "bench"},
       "no exceptions of ours: return an absl::Status named by the reaction it demands "
       "(proto/status_util.h)"},
      {{"assert(", "cassert", "assert.h"}, {}, {}, "use ZAOJING_CHECK (proto/check.h), which stays in release builds"},
      {{"__builtin_prefetch"},
       {},
       {"proto/fetch_ahead."},
       "the compiler may leave out a function that only prefetches; use FetchAhead (proto/fetch_ahead.h)"},
      {{"sleep_for", "sleep_until", "usleep", "nanosleep", "sleep("},
       {"tests"},
       {},
       "wait for the condition itself (a file, a record, a process's end), or move a simulated clock"},
      {{"ranges", "std::ranges::views", "std::views", "format", "std::format"},
       {},
       {},
       "GCC 12 has no <format> and clang 14 rejects the views of libstdc++ 12: absl::StrFormat, or a loop"},
  };
  return places;
}

// A word with a slash, or a bare header name, is compared with what is included; the rest is looked for in
// the code.
bool Uses(const SourceFile& file, size_t line, std::string_view word) {
  const std::string_view included = IncludedPath(file.lines[line]);
  if (!included.empty()) {
    return HasSuffix(word, "/") ? HasPrefix(included, word) : included == word;
  }
  const bool header = HasSuffix(word, "/") || HasSuffix(word, ".h") || word == "fstream" || word == "iostream" ||
                      word == "filesystem" || word == "cassert" || word == "ranges" || word == "format";
  return !header && FindWord(file.code[line], word) != std::string_view::npos;
}

void CheckPlace(const SourceFile& file, const Place& place, Violations* out) {
  if ((!place.within.empty() && !IsInAny(file.path, place.within)) || IsInAny(file.path, place.except)) return;
  for (size_t i = 0; i < file.lines.size() && i < file.code.size(); ++i) {
    for (std::string_view word : place.words) {
      if (!Uses(file, i, word)) continue;
      out->push_back(
          {file.path, i + 1, "'" + std::string(word) + "' may not be used here: " + std::string(place.instead)});
    }
  }
}

}  // namespace

Violations CheckIncludeDirection(const Tree& tree) {
  Violations out;
  for (const SourceFile& file : tree) {
    if (!IsCpp(file) || IsInAny(file.path, kSeeEverything)) continue;
    const Layer* layer = LayerOf(file.path);
    if (layer == nullptr) {
      out.push_back({file.path, 0, "the folder has no row among the layers of tests/tidy/layering.cc; add one"});
    } else {
      CheckIncludes(file, *layer, &out);
    }
  }
  return out;
}

Violations CheckPlaces(const Tree& tree) {
  Violations out;
  for (const SourceFile& file : tree) {
    if (!IsCpp(file)) continue;
    for (const Place& place : Places()) CheckPlace(file, place, &out);
  }
  return out;
}

}  // namespace zaojing::tidy
