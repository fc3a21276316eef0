#include "tests/sim/toy_oracle.h"

#include <algorithm>
#include <set>
#include <sstream>
#include <utility>

#include "zaojing/v1/certificate.pb.h"
#include "zaojing/v1/control.pb.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing::sim {
namespace {

constexpr int64_t kMicrosPerHour = 3'600'000'000;

class Walk {
 public:
  Walk(const OracleWorld& world, OracleAnswer& answer) : world_(world), answer_(answer) {}

  void Input(Topic topic, uint64_t count) {
    const auto& log = world_.inputs.at(topic);
    for (; count > 0; --count) {
      size_t& next = answer_.consumed[topic];
      if (next >= log.size()) {
        answer_.error = "the journal has more inputs than the log";
        return;
      }
      One(topic, log[next++]);
    }
  }

  void Skip(Topic topic) {
    const auto& log = world_.inputs.at(topic);
    size_t& next = answer_.consumed[topic];
    if (next >= log.size()) {
      answer_.error = "the journal skips more inputs than the log has";
      return;
    }
    const OracleInput& input = log[next++];
    if (input.value != "poison") answer_.error = "skipped, but it is no poison: " + input.value;
    answer_.dead_letters.push_back(std::to_string(emissions_++) + " " + std::string(NameOf(topic)) + " " +
                                   std::to_string(input.offset) + " poison");
  }

  void Reference(bool control, uint64_t count) {
    const auto& log = control ? world_.control : world_.certificates;
    for (; count > 0; --count) {
      size_t& next = control ? control_ : certificates_;
      if (next >= log.size()) {
        answer_.error = "the journal has more reference facts than the log";
        return;
      }
      const std::string& bytes = log[next++];
      if (control) {
        v1::Control fact;
        fact.ParseFromString(bytes);
        Time(fact.received_at());
      } else {
        v1::Certificate fact;
        fact.ParseFromString(bytes);
        Time(fact.received_at());
        jobs_[fact.number()] = {fact.event_id(), ""};
      }
    }
  }

  void Tick(int64_t at) { Time(at); }

  void Slice(const std::string& name, uint64_t count) {
    if (jobs_.empty() || jobs_.begin()->first != name) {
      answer_.error = "the journal has a slice of a job that is not the first: " + name;
      return;
    }
    auto& [cause, resume] = jobs_.begin()->second;
    auto listing = index_.upper_bound({name, resume});
    for (; count > 0 && listing != index_.end() && listing->first == name; --count, ++listing) {
      resume = listing->second;
      Say(listing->second, "", "", cause);
    }
    if (listing == index_.end() || listing->first != name) jobs_.erase(jobs_.begin());
  }

  void Finish() {
    for (const auto& [listing, total] : totals_) answer_.state["L" + listing] = Text(total) + "," + shown_[listing];
    for (const auto& [certificate, listing] : index_) answer_.derived["I" + certificate + listing] = WordOf(listing);
    for (const auto& [certificate, job] : jobs_) answer_.state["J" + certificate] = job.first + "," + job.second;
    for (const auto& [certificate, listings] : asked_) {
      v1::CellCounts counts;
      for (const auto& [listing, count] : listings) {
        counts.add_cells(listing);
        counts.add_counts(count);
      }
      answer_.state["U" + certificate + "/"] = counts.SerializeAsString();
    }
    if (!hour_.empty()) answer_.state["D"] = hour_;
  }

 private:
  using Total = std::pair<int64_t, int64_t>;
  static std::string Text(const Total& total) {
    return std::to_string(total.first) + "," + std::to_string(total.second);
  }

  void One(Topic topic, const OracleInput& input) {
    if (input.value == "poison") {
      answer_.error = "the journal has a record applied that kills whoever applies it";
      return;
    }
    std::istringstream in(input.value);
    std::vector<std::string> fields;
    for (std::string field; std::getline(in, field, '|');) fields.push_back(field);
    if (fields.size() != 4) {
      answer_.dead_letters.push_back(std::to_string(emissions_++) + " " + std::string(NameOf(topic)) + " " +
                                     std::to_string(input.offset));
      return;
    }
    Time(std::stoll(fields[3]));
    ++asked_[fields[1]][fields[0]];
    Total total = totals_[fields[0]];
    ++total.first;
    total.second += std::stoll(fields[2]);
    if (totals_.contains(fields[0])) index_.erase({shown_[fields[0]], fields[0]});
    if (fields[2] == "0") {
      totals_.erase(fields[0]);
    } else {
      totals_[fields[0]] = total;
      shown_[fields[0]] = fields[1];
      index_.insert({fields[1], fields[0]});
    }
    Say(fields[0], Text(total), fields[1], "", Shown(fields[1]));
  }

  // What the index says of a listing: of every other length of its state a word of eight bytes.
  std::string WordOf(const std::string& listing) {
    const std::string state = Text(totals_[listing]) + "," + shown_[listing];
    const std::string word = "......." + listing;
    return state.size() % 2 == 0 ? word.substr(word.size() - 8) : "";
  }
  // Who shows a certificate: how many, how many say a word, and the words while they are few.
  std::string Shown(const std::string& certificate) {
    size_t entries = 0;
    std::multiset<std::string> words;
    for (const auto& [shown, listing] : index_) {
      if (shown != certificate) continue;
      ++entries;
      if (const std::string word = WordOf(listing); !word.empty()) words.insert(word);
    }
    std::string text = std::to_string(entries) + "/" + std::to_string(words.size());
    if (words.size() > 32) return text;
    for (const std::string& word : words) text += word;
    return text;
  }

  void Time(int64_t at) {
    if (at <= now_) return;
    const int64_t before = now_;
    now_ = at;
    if (before != 0 && before / kMicrosPerHour != at / kMicrosPerHour) {
      hour_ = std::to_string(at / kMicrosPerHour);
      Say("hour", hour_, "", "");
    }
  }

  void Say(const std::string& listing, const std::string& text, const std::string& certificate,
           const std::string& cause, const std::string& tally = "") {
    std::ostringstream line;
    line << emissions_++ << ' ' << listing << ' ' << text << ' ' << certificate << ' ' << cause << ' ' << now_ << ' '
         << certificates_ << ' ' << tally;
    answer_.verdicts.push_back(line.str());
  }

  const OracleWorld& world_;
  OracleAnswer& answer_;
  std::map<std::string, Total> totals_;
  std::map<std::string, std::string> shown_;                      // the certificate of a listing's last look-up
  std::map<std::string, std::map<std::string, uint64_t>> asked_;  // by certificate, never forgotten
  std::set<std::pair<std::string, std::string>> index_;
  std::map<std::string, std::pair<std::string, std::string>> jobs_;
  std::string hour_;
  int64_t now_ = 0;
  size_t control_ = 0;
  size_t certificates_ = 0;
  uint64_t emissions_ = 0;
};

}  // namespace

OracleAnswer Recompute(const OracleWorld& world, const std::vector<v1::JournalEntry>& journal) {
  OracleAnswer answer;
  Walk walk(world, answer);
  for (const v1::JournalEntry& entry : journal) {
    for (const v1::JournalRun& run : entry.runs()) {
      if (!answer.error.empty()) return answer;
      if (run.has_input()) {
        const auto topic = TopicNamed(run.input().topic());
        if (!topic || !world.inputs.contains(*topic)) {
          answer.error = "the journal names topic " + run.input().topic();
          return answer;
        }
        walk.Input(*topic, run.input().count());
      } else if (run.has_skip()) {
        const auto topic = TopicNamed(run.skip().topic());
        if (!topic || !world.inputs.contains(*topic)) {
          answer.error = "the journal skips a record of " + run.skip().topic();
          return answer;
        }
        walk.Skip(*topic);
      } else if (run.has_reference()) {
        walk.Reference(run.reference().topic() == NameOf(Topic::kControl), run.reference().count());
      } else if (run.has_slice()) {
        walk.Slice(run.slice().job(), run.slice().count());
      } else if (run.has_time()) {
        walk.Tick(run.time().engine_time());
      } else {
        answer.error = "the journal has a run the toy never makes";
      }
    }
  }
  walk.Finish();
  return answer;
}

}  // namespace zaojing::sim
