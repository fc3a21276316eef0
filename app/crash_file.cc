#include "app/crash_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "app/rules_file.h"
#include "proto/check.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

constexpr std::array<int, 3> kSignals = {SIGSEGV, SIGABRT, SIGBUS};
constexpr size_t kHandlerStackBytes = 64 * 1024;
constexpr size_t kLineBytesMax = 128;

// What the handler may touch: set before it is installed, or by the thread it runs on.
int g_file = -1;
constinit thread_local const WorkNote* t_work = nullptr;
constinit thread_local const char* t_stage = nullptr;
constinit thread_local size_t t_stage_size = 0;

// A line in place: no allocation, no locale, no errno.
class LineWriter {
 public:
  void Text(const char* text, size_t size) {
    for (size_t i = 0; i < size && size_ < bytes_.size(); ++i) bytes_[size_++] = text[i];
  }
  void Char(char c) { Text(&c, 1); }
  void Number(uint64_t number) {
    char digits[20];
    size_t first = sizeof(digits);
    do {
      digits[--first] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number > 0);
    Text(digits + first, sizeof(digits) - first);
  }
  bool WriteTo(int file) const { return ::write(file, bytes_.data(), size_) == static_cast<ssize_t>(size_); }

 private:
  std::array<char, kLineBytesMax> bytes_{};
  size_t size_ = 0;
};

void Mark() {
  const WorkNote* work = t_work;
  if (work == nullptr || work->empty()) return;
  const CrashMark mark = work->mark();
  const std::string_view topic = NameOf(mark.topic);
  LineWriter line;
  line.Text(t_stage, t_stage_size);
  line.Char(' ');
  line.Number(work->task());
  line.Char(' ');
  line.Text(topic.data(), topic.size());
  line.Char(' ');
  line.Number(static_cast<uint64_t>(mark.offset));
  line.Text(mark.alone ? " 1\n" : " 0\n", 3);
  // Nothing to be done about a failure: the death counts as one that left no mark.
  (void)line.WriteTo(g_file);
}

// A fault of this process's own: from the kernel about its code, or raised by itself (abort).
bool OwnDoing(const siginfo_t& cause) {
  return cause.si_code > 0 || (cause.si_code == SI_TKILL && cause.si_pid == ::getpid());
}

void OnCrash(int signal, siginfo_t* cause, void*) {
  if (OwnDoing(*cause)) Mark();
  // The signal is blocked until we return; then it strikes again where it did, and ends the process.
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void InstallHandler(int file) {
  g_file = file;
  struct sigaction action {};
  action.sa_sigaction = OnCrash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigemptyset(&action.sa_mask);
  for (const int signal : kSignals) ZAOJING_CHECK(::sigaction(signal, &action, nullptr) == 0);
}

}  // namespace

class CrashFile::StageMarks final : public CrashMarks {
 public:
  StageMarks(CrashFile& file, std::string stage) : file_(file), stage_(std::move(stage)) {}
  std::vector<CrashMark> Of(uint32_t task) override { return file_.Of(stage_, task); }
  void Clear(uint32_t task) override { file_.Clear(stage_, task); }

 private:
  CrashFile& file_;
  const std::string stage_;
};

absl::StatusOr<std::unique_ptr<CrashFile>> CrashFile::Open(const std::string& state_dir) {
  const std::string path = state_dir + "/crashes";
  std::error_code error;
  std::filesystem::create_directories(state_dir, error);
  const int fd = error ? -1 : ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) {
    const std::string why = error ? error.message() : std::strerror(errno);
    return absl::FailedPreconditionError(
        absl::StrCat("state_dir ", state_dir, " cannot be written (", why, "): check its owner and the free space"));
  }
  std::unique_ptr<CrashFile> file(new CrashFile(fd));
  ASSIGN_OR_RETURN(const std::string text, ReadText(path));
  file->Read(text);
  InstallHandler(fd);
  return file;
}

CrashFile::~CrashFile() {
  for (const int signal : kSignals) ::signal(signal, SIG_DFL);
  g_file = -1;
  ::close(fd_);
}

// A line that is not whole, or of a topic nobody knows, says nothing.
void CrashFile::Read(const std::string& text) {
  std::istringstream in(text);
  std::string line;
  while (std::getline(in, line) && !in.eof()) {
    std::istringstream words(line);
    Line read;
    std::string topic;
    int alone = -1;
    if (!(words >> read.stage >> read.task >> topic >> read.mark.offset >> alone)) continue;
    const std::optional<Topic> named = TopicNamed(topic);
    if (!named || alone < 0 || alone > 1) continue;
    read.mark.topic = *named;
    read.mark.alone = alone == 1;
    lines_.push_back(std::move(read));
  }
}

std::unique_ptr<CrashMarks> CrashFile::MarksOf(std::string stage) {
  return std::make_unique<StageMarks>(*this, std::move(stage));
}

std::vector<CrashMark> CrashFile::Of(const std::string& stage, uint32_t task) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<CrashMark> marks;
  for (const Line& line : lines_) {
    if (line.stage == stage && line.task == task) marks.push_back(line.mark);
  }
  return marks;
}

void CrashFile::Clear(const std::string& stage, uint32_t task) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::erase_if(lines_, [&](const Line& line) { return line.stage == stage && line.task == task; });
  std::string text;
  for (const Line& line : lines_) {
    absl::StrAppend(&text, line.stage, " ", line.task, " ", ToAbsl(NameOf(line.mark.topic)), " ", line.mark.offset,
                    line.mark.alone ? " 1\n" : " 0\n");
  }
  // A death between the two forgets marks, which costs deaths but blames nobody.
  if (::ftruncate(fd_, 0) != 0 || ::write(fd_, text.data(), text.size()) < 0) lines_.clear();
}

CrashScope::CrashScope(std::string_view stage, const WorkNote& work) : stack_(new char[kHandlerStackBytes]) {
  stack_t stack{};
  stack.ss_sp = stack_.get();
  stack.ss_size = kHandlerStackBytes;
  ZAOJING_CHECK(::sigaltstack(&stack, nullptr) == 0);
  t_stage = stage.data();
  t_stage_size = stage.size();
  t_work = &work;
}

CrashScope::~CrashScope() {
  t_work = nullptr;
  stack_t off{};
  off.ss_flags = SS_DISABLE;
  ::sigaltstack(&off, nullptr);
}

}  // namespace zaojing
