// The disk of one simulated process: stores by name that outlive the lane which opened them, one lane at a time. Crash() is the process
// dying; the rest is what happens to disks.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "processors/state/memory_store.h"
#include "proto/check.h"

namespace zaojing::sim {

class SimStores final : public StoreFactory {
 public:
  absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& name) override {
    Disk& disk = disks_[name];
    if (disk.open) return absl::UnavailableError("another lane of the process has it open");
    if (unreadable_.contains(name)) return absl::DataLossError("injected: corrupt on open");
    disk.open = true;
    return std::make_unique<Handle>(disk);
  }
  absl::Status Discard(const std::string& name) override {
    ZAOJING_CHECK(!disks_[name].open);
    disks_.erase(name);
    unreadable_.erase(name);
    return absl::OkStatus();
  }

  // REQUIRES that the lanes are gone. Effect: back to what was flushed.
  void Crash() {
    for (auto& [name, disk] : disks_) {
      ZAOJING_CHECK(!disk.open);
      disk.store.Crash();
      disk.bad_reads = 0;
    }
  }
  // Effect: a later RollBack() puts this state of the disk back.
  void Keep(const std::string& name) {
    if (!disks_.contains(name)) return;
    MemoryStore copy = disks_[name].store;
    copy.Crash();
    kept_[name] = std::move(copy);
  }
  bool RollBack(const std::string& name) {
    const auto kept = kept_.find(name);
    if (kept == kept_.end()) return false;
    disks_[name].store = kept->second;
    return true;
  }
  // Effect: `name` has what `other` has: the wrong directory.
  void Confuse(const std::string& name, const std::string& other) { disks_[name].store = disks_[other].store; }
  void MakeUnreadable(const std::string& name) { unreadable_.insert(name); }
  // Effect: the `nth` read from here on fails its checksum, and so does every later one until the store is gone.
  void FailReads(const std::string& name, int64_t nth) { disks_[name].bad_reads = nth; }
  void Remove(const std::string& name) { disks_.erase(name); }
  bool Has(const std::string& name) const { return disks_.contains(name); }
  MemoryStore& At(const std::string& name) { return disks_[name].store; }

 private:
  struct Disk {
    MemoryStore store;
    bool open = false;
    int64_t bad_reads = 0;  // 0 = none
  };
  class Handle final : public Store {
   public:
    explicit Handle(Disk& disk) : disk_(disk) {}
    ~Handle() override { disk_.open = false; }
    absl::StatusOr<bool> Get(std::string_view key, std::string* value) override {
      if (disk_.bad_reads > 1)
        --disk_.bad_reads;
      else if (disk_.bad_reads == 1)
        return absl::DataLossError("injected: checksum");
      return disk_.store.Get(key, value);
    }
    std::unique_ptr<StoreIterator> Seek(std::string_view from) override { return disk_.store.Seek(from); }
    absl::Status ApplyCommitted(std::span<const StateChange> changes) override {
      return disk_.store.ApplyCommitted(changes);
    }
    absl::Status Flush() override { return disk_.store.Flush(); }
    absl::Status Wipe() override { return disk_.store.Wipe(); }
    uint64_t BytesOnDisk() const override { return 0; }

   private:
    Disk& disk_;
  };

  std::map<std::string, Disk> disks_;
  std::map<std::string, MemoryStore> kept_;
  std::set<std::string> unreadable_;
};

}  // namespace zaojing::sim
