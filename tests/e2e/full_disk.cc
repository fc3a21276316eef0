// A full disk for a process that loads this library first (LD_PRELOAD): writes to files below ZAOJING_FULL_DISK whose
// names end in ZAOJING_FULL_SUFFIX fail as the kernel fails them when no block is left; with an empty suffix all do, and
// whoever asks is told so. Needs no mount and no rights.
#include <dlfcn.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

std::string_view Variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

bool Below(std::string_view path) {
  const std::string_view directory = Variable("ZAOJING_FULL_DISK");
  return !directory.empty() && path.substr(0, directory.size()) == directory;
}

bool Full(int fd) {
  std::array<char, 4096> name;
  const ssize_t size = ::readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), name.data(), name.size());
  if (size <= 0) return false;
  const std::string_view path(name.data(), static_cast<size_t>(size));
  const std::string_view end = Variable("ZAOJING_FULL_SUFFIX");
  return Below(path) && path.size() >= end.size() && path.substr(path.size() - end.size()) == end;
}

template <typename Function>
Function* TheReal(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

// The names of the C library's own declarations are reserved.
// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name)
extern "C" ssize_t write(int fd, const void* bytes, size_t size) {
  static auto* const real = TheReal<ssize_t(int, const void*, size_t)>("write");
  if (!Full(fd)) return real(fd, bytes, size);
  errno = ENOSPC;
  return -1;
}

extern "C" ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  static auto* const real = TheReal<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  if (!Full(fd)) return real(fd, bytes, size, offset);
  errno = ENOSPC;
  return -1;
}

extern "C" int statvfs(const char* path, struct statvfs* answer) {
  static auto* const real = TheReal<int(const char*, struct statvfs*)>("statvfs");
  const int result = real(path, answer);
  if (result == 0 && Below(path) && Variable("ZAOJING_FULL_SUFFIX").empty()) {
    answer->f_bfree = 0;
    answer->f_bavail = 0;
  }
  return result;
}
// NOLINTEND(readability-inconsistent-declaration-parameter-name)
