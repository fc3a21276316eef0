// zaojing import: a real feed's file → event files.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>

#include "app/commands.h"
#include "app/progress.h"
#include "ingest/nhtsa_complaints.h"
#include "proto/china_time.h"
#include "proto/status_util.h"
#include "sinks/file/event_writer.h"

namespace zaojing {
namespace {

constexpr size_t kRejectedShown = 10;

struct ImportOptions {
  std::string kind;
  std::string input;
  std::string output;
  std::string format = "pb";
  uint64_t max_rejected = 0;
};

std::string ChinaDate(int64_t micros) {
  const std::time_t seconds = static_cast<std::time_t>(FloorDivide(micros + kChinaOffset, limits::kSecond));
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[sizeof "YYYY-MM-DD" + 8];
  const size_t size = std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return {text, size};
}

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "import: %s\n", std::string(status.message()).c_str());
  return status.code() == absl::StatusCode::kInvalidArgument ? kExitUsage : kExitFailed;
}

absl::Status WriteComplaints(const ImportOptions& options, const ImportedComplaints& imported, std::string* path) {
  ASSIGN_OR_RETURN(const auto writer,
                   EventWriter::Open(options.output, Topic::kComplaints, *EventFileFormNamed(options.format)));
  for (const v1::Complaint& complaint : imported.complaints) RETURN_IF_ERROR(writer->Append(complaint));
  *path = writer->path();
  return writer->Close();
}

void ShowRejected(const ImportOptions& options, const ImportedComplaints& imported) {
  const size_t shown = std::min(imported.rejected.size(), kRejectedShown);
  for (size_t i = 0; i < shown; ++i) {
    const RejectedRow& row = imported.rejected[i];
    std::fprintf(stderr, "%s:%llu: rejected: %s\n", options.input.c_str(), static_cast<unsigned long long>(row.line),
                 row.reason.c_str());
  }
  if (imported.rejected.size() > shown) {
    std::fprintf(stderr, "... and %zu more\n", imported.rejected.size() - shown);
  }
}

int Import(const ImportOptions& options) {
  std::ifstream input(options.input, std::ios::binary);
  if (!input) return Fail(absl::FailedPreconditionError(options.input + ": cannot be read"));
  std::error_code unknown;
  const auto size = static_cast<double>(std::filesystem::file_size(options.input, unknown));
  Progress progress("rows");
  const absl::StatusOr<ImportedComplaints> imported = ReadNhtsaComplaints(
      input, options.input,
      [&](uint64_t rows, uint64_t bytes) { progress.Show(rows, unknown ? 0 : static_cast<double>(bytes) / size); });
  progress.Done();
  if (!imported.ok()) return Fail(imported.status());
  ShowRejected(options, *imported);
  const bool too_many = imported->rejected.size() > options.max_rejected;
  std::string path = "nothing";
  if (!too_many) {
    const absl::Status status = WriteComplaints(options, *imported, &path);
    if (!status.ok()) return Fail(status);
  }
  std::printf("rows read   %llu\nrejected    %zu\nwritten     %zu to %s\n",
              static_cast<unsigned long long>(imported->rows), imported->rejected.size(),
              too_many ? 0 : imported->complaints.size(), path.c_str());
  if (!imported->complaints.empty()) {
    std::printf("received    %s to %s\n", ChinaDate(imported->first_received).c_str(),
                ChinaDate(imported->last_received).c_str());
  }
  if (!too_many) return kExitDone;
  std::fprintf(stderr, "import: %zu rows rejected; --max-rejected %zu would leave them out and write the rest\n",
               imported->rejected.size(), imported->rejected.size());
  return kExitRejected;
}

}  // namespace

void AddImport(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App* command = app.add_subcommand("import", "Real feeds to event files");
  command->footer(
      "nhtsa-complaints: CSV of NHTSA's vehicle complaints. Writes <output>/complaints.<format>, sorted by\n"
      "received_date, then by cmplid as a number. A date is 00:00 in China (UTC+8). Rows that are no "
      "complaint are\n"
      "rejected and named by line.\n"
      "Exit codes: 0 done, 1 the run failed, 2 wrong usage or columns missing, 3 more rows rejected than "
      "allowed\n"
      "(nothing is written).");
  command->add_option("--kind", options->kind, "What the input is")
      ->required()
      ->check(CLI::IsMember({"nhtsa-complaints"}));
  command->add_option("--input", options->input, "File to read")->required()->check(CLI::ExistingFile);
  command->add_option("--output", options->output, "Directory to write to; created if need be")->required();
  command->add_option("--format", options->format, "Form of the event file")
      ->check(CLI::IsMember(EventFileFormNames()))
      ->capture_default_str();
  command->add_option("--max-rejected", options->max_rejected, "Rows that may be rejected")->capture_default_str();
  command->callback([options, exit_code] { *exit_code = Import(*options); });
}

}  // namespace zaojing
