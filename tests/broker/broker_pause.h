// A broker that is away for a while: its process stands still.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>

#include "tests/broker/broker_fixture.h"

namespace zaojing {

// Stops the broker's process until it is destroyed, at the latest when the time is over.
class BrokerPause {
 public:
  explicit BrokerPause(std::chrono::microseconds longest) : pid_(BrokerPid()) {
    kill(pid_, SIGSTOP);
    EXPECT_TRUE(Eventually([this] { return Stands(); }));
    watcher_ = std::thread([this, longest] {
      std::unique_lock<std::mutex> lock(mutex_);
      done_.wait_for(lock, longest, [this] { return over_; });
      kill(pid_, SIGCONT);
    });
  }
  // Returns when the longest time is over, and the broker runs again.
  void Await() { watcher_.join(); }
  ~BrokerPause() {
    if (!watcher_.joinable()) return;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      over_ = true;
    }
    done_.notify_one();
    watcher_.join();
  }

 private:
  static pid_t BrokerPid() {
    pid_t pid = 0;
    std::ifstream(std::filesystem::path(std::getenv("ZAOJING_BOOTSTRAP_FILE")).replace_filename("pid")) >> pid;
    EXPECT_GT(pid, 1);
    return pid;
  }

  // The signal reaches one thread after the other.
  bool Stands() const {
    for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/task")) {
      std::string line;
      std::getline(std::ifstream(task.path() / "stat"), line);
      const size_t state = line.rfind(") ");
      if (state != std::string::npos && line[state + 2] != 'T') return false;
    }
    return true;
  }

  const pid_t pid_;
  std::mutex mutex_;
  std::condition_variable done_;
  bool over_ = false;
  std::thread watcher_;
};

}  // namespace zaojing
