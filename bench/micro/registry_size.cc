// What does a registry of many certificates with long lists of models cost, and how fast is it asked? Each certificate is
// made, added and forgotten; only the adding is timed. Then certificates are asked for and claimed models compared: few of
// them again and again, any of them, and any of them after the machine has dropped its page cache (as root).
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/scratch_memory.h"
#include "ingest/generate/names.h"
#include "processors/models/model_set.h"
#include "processors/reference/registry.h"
#include "proto/check.h"
#include "proto/limits.h"
#include "proto/mix_bits.h"
#include "rocksdb/cache.h"
#include "rocksdb/db.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/options.h"
#include "rocksdb/table.h"
#include "zaojing/v1/certificate.pb.h"

namespace zaojing::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int64_t kNow = int64_t{1'767'578'400} * 1'000'000;
constexpr int64_t kDayMicros = int64_t{86'400} * 1'000'000;
constexpr uint64_t kCertificatesAFirm = 8;

struct Options {
  uint64_t certificates = 5'000'000;
  uint64_t models = 60;
  uint64_t questions = 200'000;
  uint64_t hot = 20'000;
  std::string directory;  // empty: everything in the process
  uint64_t own_mib = 192;
  uint64_t resident_mib = 1024;
  uint64_t mapped_mib = 192;
  bool drop_caches = false;
  bool rocksdb = false;
};

double Seconds(Clock::time_point since) { return std::chrono::duration<double>(Clock::now() - since).count(); }

double CpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

// MiB of the process in memory, and of these the files'.
std::pair<uint64_t, uint64_t> Resident() {
  std::ifstream statm("/proc/self/statm");
  uint64_t size = 0;
  uint64_t resident = 0;
  uint64_t of_files = 0;
  statm >> size >> resident >> of_files;
  const auto page = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  return {resident * page >> 20, of_files * page >> 20};
}

void PrintResident(const char* when) {
  const auto [resident, of_files] = Resident();
  std::printf("%-28s RSS %5lu MiB, %5lu of it files\n", when, static_cast<unsigned long>(resident),
              static_cast<unsigned long>(of_files));
  std::fflush(stdout);
}

std::string NumberOf(uint64_t index) {
  std::string number = std::to_string(2015 + index / 1'000'000 % 10) + "01" + "0907";
  generate::AppendNumber(index % 1'000'000, 6, &number);
  return number;
}

std::string ModelOf(uint64_t index, uint64_t model) {
  const uint64_t draw = MixBits(index * 4096 + model + 1);
  std::string text;
  for (uint64_t i = 0, rest = draw; i < 3; ++i, rest /= 26) text.push_back(static_cast<char>('A' + rest % 26));
  return text + "-" + std::to_string(draw >> 32 & 0xffff) + (draw & 1 ? "C" : "");
}

// As a body sends them: a firm's names and code, its models one by one.
void Make(uint64_t index, uint64_t models, v1::Certificate* certificate) {
  certificate->Clear();
  char id[33];
  std::snprintf(id, sizeof(id), "%016lx%016lx", static_cast<unsigned long>(MixBits(index + 1)),
                static_cast<unsigned long>(MixBits(~index)));
  certificate->set_event_id(id);
  certificate->set_source("cnca");
  certificate->set_schema_version(1);
  certificate->set_occurred_at(kNow - kDayMicros);
  certificate->set_received_at(kNow - kDayMicros);
  certificate->set_number(NumberOf(index));
  certificate->set_status(v1::CERTIFICATE_STATUS_VALID);
  certificate->set_effective_at(kNow - 400 * kDayMicros);
  certificate->set_valid_from(kNow - 400 * kDayMicros);
  certificate->set_valid_until(kNow + static_cast<int64_t>(index % 1400) * kDayMicros);
  const uint64_t firm = index / kCertificatesAFirm;
  const std::string name = generate::MakerName(firm, generate::CityOf(MixBits(firm + 1)), false);
  const std::string uscc = generate::MakerUscc(firm, generate::RegionOf(MixBits(firm + 1)));
  certificate->set_holder(name);
  certificate->set_holder_uscc(uscc);
  certificate->set_maker(name);
  certificate->set_maker_uscc(uscc);
  certificate->set_factory(name);
  certificate->set_factory_uscc(uscc);
  certificate->set_product_code("0907");
  certificate->set_body("CQC");
  for (uint64_t model = 0; model < models; ++model) certificate->add_models(ModelOf(index, model));
}

void Load(const Options& options, Registry* registry) {
  constexpr uint64_t kAtOnce = 4096;
  v1::Certificate certificate;
  std::vector<std::string> keys(kAtOnce);
  std::vector<std::string> values(kAtOnce);
  double seconds = 0;
  double cpu = 0;
  uint64_t bytes = 0;
  for (uint64_t first = 0; first < options.certificates; first += kAtOnce) {
    const uint64_t count = std::min(kAtOnce, options.certificates - first);
    for (uint64_t i = 0; i < count; ++i) {
      Make(first + i, options.models, &certificate);
      keys[i] = certificate.number();
      certificate.SerializeToString(&values[i]);
      bytes += values[i].size();
    }
    const Clock::time_point began = Clock::now();
    const double cpu_began = CpuSeconds();
    for (uint64_t i = 0; i < count; ++i) {
      Record record;
      record.topic = Topic::kCertificates;
      record.offset = static_cast<int64_t>(first + i);
      record.key = keys[i];
      record.value = values[i];
      registry->Append(record);
    }
    seconds += Seconds(began);
    cpu += CpuSeconds() - cpu_began;
  }
  ZAOJING_CHECK(registry->At(Topic::kCertificates, 0).reason == v1::DEAD_LETTER_REASON_UNSPECIFIED);
  std::printf("%lu certificates of %lu models, %lu bytes each on the wire: added in %.1f s, CPU %.1f s, %.2f us each\n",
              static_cast<unsigned long>(options.certificates), static_cast<unsigned long>(options.models),
              static_cast<unsigned long>(bytes / options.certificates), seconds, cpu,
              1e6 * seconds / static_cast<double>(options.certificates));
}

void PrintMicros(const char* name, std::vector<double> micros) {
  std::sort(micros.begin(), micros.end());
  const auto count = static_cast<double>(micros.size());
  const auto at = [&](double share) { return micros[static_cast<size_t>(share * (count - 1))]; };
  double sum = 0;
  for (const double one : micros) sum += one;
  std::printf("%-28s %7lu questions: mean %7.2f us, p50 %7.2f, p99 %7.2f, max %8.1f\n", name,
              static_cast<unsigned long>(micros.size()), sum / count, at(0.5), at(0.99), at(1));
  std::fflush(stdout);
}

// `among`: how many certificates are asked for, spread over all. The bound is looked after as often as a lane does.
void Ask(const char* name, const Options& options, uint64_t among, uint64_t questions, const Registry& registry,
         BlockMemory& far) {
  RegistryCursor cursor;
  cursor.certificates = static_cast<int64_t>(options.certificates);
  const uint64_t stride = options.certificates / among;
  std::vector<double> micros;
  micros.reserve(questions);
  uint64_t most = 0;
  for (uint64_t i = 0; i < questions; ++i) {
    if (i % limits::kRecordsWithinBound == 0) {
      most = std::max(most, Resident().second);
      far.KeepWithinBound();
    }
    const uint64_t index = MixBits(i + 1) % among * stride;
    const CredentialId id = ParseCredentialNumber(NumberOf(index)).id;
    const std::string claimed = ModelOf(index, i % options.models);
    const Clock::time_point began = Clock::now();
    const std::optional<CertificateView> view = registry.Find(id, kNow, cursor);
    ZAOJING_CHECK(view.has_value());
    const CertificateScope* scope = registry.ScopeOf(*view);
    const ModelMatch match = MatchModel(claimed, scope->models, scope->model_words);
    micros.push_back(1e6 * Seconds(began));
    ZAOJING_CHECK(match == ModelMatch::kMatch);
  }
  PrintMicros(name, std::move(micros));
  std::printf("%-28s most of files in memory meanwhile %5lu MiB\n", "", static_cast<unsigned long>(most));
}

// The other place for model sets: a RocksDB, asked by certificate, with a block cache of what the file may have.
void AskRocksDb(const Options& options) {
  rocksdb::Options settings;
  settings.create_if_missing = true;
  settings.compression = rocksdb::kLZ4Compression;
  settings.write_buffer_size = size_t{64} << 20;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(options.mapped_mib << 20);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.format_version = 5;
  table.checksum = rocksdb::kXXH3;
  settings.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  const std::string path = options.directory + "/models";
  ZAOJING_CHECK(rocksdb::DestroyDB(path, settings).ok());
  rocksdb::DB* opened = nullptr;
  ZAOJING_CHECK(rocksdb::DB::Open(settings, path, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  const auto key_of = [](uint64_t index) {
    std::string key;
    for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(index >> shift));
    return key;
  };
  const Clock::time_point began = Clock::now();
  rocksdb::WriteOptions unlogged;
  unlogged.disableWAL = true;
  std::vector<std::string> texts(options.models);
  for (uint64_t index = 0; index < options.certificates; ++index) {
    for (uint64_t model = 0; model < options.models; ++model) texts[model] = ModelOf(index, model);
    const ModelSet set = CompileModels({texts.begin(), texts.end()});
    const auto* bytes = reinterpret_cast<const char*>(set.data());
    ZAOJING_CHECK(db->Put(unlogged, key_of(index), {bytes, set.size() * sizeof(uint64_t)}).ok());
  }
  ZAOJING_CHECK(db->Flush({}).ok());
  std::printf("RocksDB: compiled and written in %.1f s\n", Seconds(began));
  for (const uint64_t among : {options.hot, options.hot, options.certificates, options.certificates}) {
    std::vector<double> micros;
    std::string bytes;
    for (uint64_t i = 0; i < options.questions; ++i) {
      const uint64_t index = MixBits(i + 1) % among * (options.certificates / among);
      const std::string key = key_of(index);
      const std::string claimed = ModelOf(index, i % options.models);
      const Clock::time_point asked = Clock::now();
      ZAOJING_CHECK(db->Get({}, key, &bytes).ok());
      ModelSet set(bytes.size() / sizeof(uint64_t));
      std::memcpy(set.data(), bytes.data(), bytes.size());
      const ModelMatch match = MatchModel(claimed, set);
      micros.push_back(1e6 * Seconds(asked));
      ZAOJING_CHECK(match == ModelMatch::kMatch);
    }
    PrintMicros(among == options.hot ? "RocksDB, few" : "RocksDB, any", std::move(micros));
  }
  PrintResident("RocksDB asked");
}

bool DropCaches() {
  ::sync();
  std::ofstream drop("/proc/sys/vm/drop_caches");
  drop << "3\n";
  return static_cast<bool>(drop.flush());
}

int Run(const Options& options) {
  PrintResident("before");
  if (options.rocksdb) {
    AskRocksDb(options);
    return 0;
  }
  ScratchMemory* scratch = nullptr;
  std::unique_ptr<BlockMemory> memory = std::make_unique<ProcessMemory>();
  if (!options.directory.empty()) {
    auto opened = ScratchMemory::Open(options.directory,
                                      {options.own_mib << 20, options.resident_mib << 20, options.mapped_mib << 20});
    ZAOJING_CHECK(opened.ok());
    scratch = opened->get();
    memory = std::move(*opened);
  }
  BlockMemory& far = *memory;
  Registry registry(std::move(memory));
  Load(options, &registry);
  PrintResident("loaded");
  std::printf("of the process %lu bytes a certificate, in the scratch file %lu\n",
              static_cast<unsigned long>(registry.bytes() / options.certificates),
              static_cast<unsigned long>((scratch == nullptr ? 0 : scratch->bytes_mapped()) / options.certificates));
  Ask("few, first time", options, options.hot, options.hot, registry, far);
  Ask("few, again", options, options.hot, options.questions, registry, far);
  Ask("any", options, options.certificates, options.questions, registry, far);
  Ask("any, again", options, options.certificates, options.questions, registry, far);
  far.KeepWithinBound();
  PrintResident("asked, within the bound");
  if (options.drop_caches && scratch != nullptr) {
    scratch->Release();
    if (!DropCaches()) std::printf("page cache not dropped: no right to\n");
    Ask("any, from the disk", options, options.certificates, options.questions / 20, registry, far);
  }
  std::fflush(stdout);
  ::_exit(0);  // what the registry holds is not worth the seconds of giving it back
}

}  // namespace
}  // namespace zaojing::bench

int main(int argc, char** argv) {
  zaojing::bench::Options options;
  CLI::App app("What a large registry costs");
  app.add_option("--certificates", options.certificates, "How many")->capture_default_str();
  app.add_option("--models", options.models, "Models of each")->capture_default_str();
  app.add_option("--questions", options.questions, "Asked of each kind")->capture_default_str();
  app.add_option("--hot", options.hot, "Certificates that are asked for again and again")->capture_default_str();
  app.add_option("--directory", options.directory, "Where the scratch file is; without one all is in the process");
  app.add_option("--own-mib", options.own_mib, "Scratch in the process before the file begins")->capture_default_str();
  app.add_option("--resident-mib", options.resident_mib, "Bound of the process in memory")->capture_default_str();
  app.add_option("--mapped-mib", options.mapped_mib, "Files that it may have in any case")->capture_default_str();
  app.add_flag("--drop-caches", options.drop_caches, "Then ask again from the disk (as root)");
  app.add_flag("--rocksdb", options.rocksdb, "Model sets in a RocksDB in the directory instead, and nothing else");
  CLI11_PARSE(app, argc, argv);
  return zaojing::bench::Run(options);
}
