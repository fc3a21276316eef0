#include "processors/models/model_set.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "processors/models/fold.h"
#include "processors/models/runs.h"
#include "processors/models/variants.h"
#include "proto/ids.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

// One range as five words. `width`: digits a number must have, 0 = any without leading zeros, kLetterRange = low and
// high are letters.
struct Range {
  uint64_t before;  // hash of the canonical runs before
  uint64_t after;
  uint64_t low;
  uint64_t high;
  uint64_t width;
  friend auto operator<=>(const Range&, const Range&) = default;
};
constexpr size_t kRangeWords = 5;
constexpr uint64_t kLetterRange = ~uint64_t{0};
constexpr size_t kDigitsMax = 18;  // fits 64 bits

// Header word: models in the low half, ranges above, the open flag on top.
constexpr uint64_t kOpenFlag = uint64_t{1} << 63;
size_t ModelsOf(uint64_t header) { return static_cast<size_t>(header & 0xffffffffU); }
size_t RangesOf(uint64_t header) { return static_cast<size_t>((header & ~kOpenFlag) >> 32); }

struct Builder {
  std::vector<uint64_t> models;
  std::vector<Range> ranges;
  bool open = false;
};

uint64_t HashOf(const std::vector<Run>& runs, size_t first, size_t last) {
  return Hash64(Canonical(runs, first, last));
}

std::optional<uint64_t> NumberOf(const Run& run) {
  if (run.kind != RunKind::kDigits || run.text.size() > kDigitsMax) return std::nullopt;
  uint64_t number = 0;
  std::from_chars(run.text.data(), run.text.data() + run.text.size(), number);
  return number;
}

bool HasLeadingZero(std::string_view digits) { return digits.size() > 1 && digits[0] == '0'; }

bool IsLetter(const Run& run) { return run.kind == RunKind::kLetters && run.text.size() == 1; }

// The bounds between two runs that differ; nullopt when they make no range.
std::optional<Range> Between(const Run& low, const Run& high) {
  Range range{0, 0, 0, 0, 0};
  if (IsLetter(low) && IsLetter(high)) {
    range.low = static_cast<unsigned char>(low.text[0]);
    range.high = static_cast<unsigned char>(high.text[0]);
    range.width = kLetterRange;
  } else {
    const std::optional<uint64_t> first = NumberOf(low);
    const std::optional<uint64_t> last = NumberOf(high);
    if (!first || !last) return std::nullopt;
    if (HasLeadingZero(low.text) || HasLeadingZero(high.text)) {
      if (low.text.size() != high.text.size()) return std::nullopt;
      range.width = low.text.size();
    }
    range.low = *first;
    range.high = *last;
  }
  if (range.low > range.high) return std::nullopt;
  return range;
}

// "A-100~A-150", or "A-100~150": the second end takes from the first what it leaves out in front.
std::optional<Range> ReadRange(std::string_view from, std::string_view to) {
  const std::vector<Run> low = RunsOf(from);
  std::vector<Run> high = RunsOf(to);
  if (low.empty() || high.empty() || high.size() > low.size()) return std::nullopt;
  high.insert(high.begin(), low.begin(), low.end() - static_cast<ptrdiff_t>(high.size()));
  std::optional<size_t> differs;
  for (size_t i = 0; i < low.size(); ++i) {
    if (low[i].text == high[i].text) continue;
    if (differs) return std::nullopt;
    differs = i;
  }
  if (!differs) return std::nullopt;
  std::optional<Range> range = Between(low[*differs], high[*differs]);
  if (!range) return std::nullopt;
  range->before = HashOf(low, 0, *differs);
  range->after = HashOf(low, *differs + 1, low.size());
  return range;
}

void AddLiteral(std::string_view item, Builder& builder) {
  bool complete = true;
  for (const std::string& variant : VariantsOf(item, &complete)) {
    const std::vector<Run> runs = RunsOf(variant);
    if (!runs.empty()) builder.models.push_back(HashOf(runs, 0, runs.size()));
  }
  if (!complete) builder.open = true;
}

// A range, and one more for each thing in brackets behind it: "A-100~A-150(B)" is both. False = no range we can read.
bool AddRanges(std::string_view from, std::string_view to, Builder& builder) {
  bool complete = true;
  const std::string first = VariantsOf(from, &complete).front();
  std::vector<Range> ranges;
  const std::vector<std::string> ends = VariantsOf(to, &complete);
  for (const std::string& end : ends) {
    if (end.compare(0, ends[0].size(), ends[0]) != 0) return false;
    const std::optional<Range> range = ReadRange(first + end.substr(ends[0].size()), end);
    if (!range) return false;
    ranges.push_back(*range);
  }
  builder.ranges.insert(builder.ranges.end(), ranges.begin(), ranges.end());
  builder.open = builder.open || !complete;
  return true;
}

void AddItem(std::string_view item, Builder& builder) {
  std::string without_signs;
  for (const char c : item) {
    if (c == kOpenSign || c == '*') {
      builder.open = true;
    } else {
      without_signs += c;
    }
  }
  const std::string_view text = without_signs;
  const size_t sign = text.find(kRangeSign);
  if (sign == text.npos) return AddLiteral(text, builder);
  const std::string_view from = text.substr(0, sign);
  const std::string_view to = text.substr(sign + 1);
  if (AddRanges(from, to, builder)) return;
  // No range we can read: its ends are meant for certain, what lies between is not known.
  builder.open = true;
  AddLiteral(from, builder);
  if (to.find(kRangeSign) == to.npos) AddLiteral(to, builder);
}

bool IsIn(const Range& range, const std::vector<Run>& runs, size_t i) {
  uint64_t value = 0;
  if (range.width == kLetterRange) {
    if (!IsLetter(runs[i])) return false;
    value = static_cast<unsigned char>(runs[i].text[0]);
  } else {
    const std::optional<uint64_t> number = NumberOf(runs[i]);
    if (!number) return false;
    if (range.width == 0 ? HasLeadingZero(runs[i].text) : runs[i].text.size() != range.width) return false;
    value = *number;
  }
  return value >= range.low && value <= range.high && range.before == HashOf(runs, 0, i) &&
         range.after == HashOf(runs, i + 1, runs.size());
}

// A compiled set to look things up in.
class SetView {
 public:
  SetView(const uint64_t* words, size_t count) : words_(words), header_(count == 0 ? 0 : words[0]) {}
  bool open() const { return (header_ & kOpenFlag) != 0; }
  bool empty() const { return (header_ & ~kOpenFlag) == 0; }
  bool HasHash(uint64_t hash) const { return std::binary_search(words_ + 1, words_ + 1 + ModelsOf(header_), hash); }
  bool Has(const std::vector<Run>& runs) const {
    if (runs.empty()) return false;
    if (HasHash(HashOf(runs, 0, runs.size()))) return true;
    const uint64_t* at = words_ + 1 + ModelsOf(header_);
    for (size_t i = 0; i < RangesOf(header_); ++i, at += kRangeWords) {
      const Range range{at[0], at[1], at[2], at[3], at[4]};
      for (size_t run = 0; run < runs.size(); ++run) {
        if (IsIn(range, runs, run)) return true;
      }
    }
    return false;
  }

 private:
  const uint64_t* words_;
  uint64_t header_;
};

// Chinese words around a model are no part of it; a claim of nothing else is not found by leaving them out.
std::vector<Run> WithoutWords(const std::vector<Run>& runs) {
  std::vector<Run> kept;
  for (const Run& run : runs) {
    const bool words = run.kind == RunKind::kOther && static_cast<unsigned char>(run.text[0]) >= 0x80;
    if (!words) kept.push_back(run);
  }
  return kept.size() == runs.size() ? std::vector<Run>() : kept;
}

bool HasVariant(const SetView& set, std::string_view item) {
  bool complete = true;
  for (const std::string& variant : VariantsOf(item, &complete)) {
    const std::vector<Run> runs = RunsOf(variant);
    if (set.Has(runs) || set.Has(WithoutWords(runs))) return true;
  }
  return false;
}

// Models in one item of the claim: itself, or several with a slash between them.
bool HasItem(const SetView& set, std::string_view item) {
  if (HasVariant(set, item)) return true;
  if (item.find('/') == item.npos) return false;
  for (size_t begin = 0; begin <= item.size();) {
    const size_t end = std::min(item.find('/', begin), item.size());
    if (!HasVariant(set, item.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return true;
}

// Most models, printed or claimed, are one plain text: its canonical hash without a single allocation. nullopt = not so
// plain, or nothing at all.
std::optional<uint64_t> PlainHash(std::string_view model) {
  std::array<char, 128> canonical;
  size_t size = 0;
  int open_run = -1;  // its kind; -1 = none
  if (model.size() > canonical.size() / 2) return std::nullopt;
  for (const char typed : model) {
    const char c = typed >= 'a' && typed <= 'z' ? static_cast<char>(typed - 'a' + 'A') : typed;
    const bool letter_or_digit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    if (!letter_or_digit && c != ' ' && c != '-' && c != '_') return std::nullopt;
    const int kind = letter_or_digit ? static_cast<int>(RunKindOf(c)) : -1;
    if (open_run >= 0 && open_run != kind) canonical[size++] = kRunEnd;
    if (letter_or_digit) canonical[size++] = c;
    open_run = kind;
  }
  if (open_run >= 0) canonical[size++] = kRunEnd;
  if (size == 0) return std::nullopt;
  return Hash64({canonical.data(), size});
}

}  // namespace

ModelSet CompileModels(const std::vector<std::string_view>& texts) {
  Builder builder;
  builder.models.reserve(texts.size());
  for (const std::string_view text : texts) {
    if (const std::optional<uint64_t> plain = PlainHash(text)) {
      builder.models.push_back(*plain);
      continue;
    }
    const std::string folded = FoldModelText(text);
    for (const std::string_view item : SplitList(folded)) AddItem(item, builder);
  }
  if (builder.models.empty() && builder.ranges.empty() && !builder.open) return {};
  std::sort(builder.models.begin(), builder.models.end());
  builder.models.erase(std::unique(builder.models.begin(), builder.models.end()), builder.models.end());
  std::sort(builder.ranges.begin(), builder.ranges.end());
  ModelSet set;
  set.reserve(1 + builder.models.size() + kRangeWords * builder.ranges.size());
  set.push_back(builder.models.size() | builder.ranges.size() << 32 | (builder.open ? kOpenFlag : 0));
  set.insert(set.end(), builder.models.begin(), builder.models.end());
  for (const Range& range : builder.ranges) {
    set.insert(set.end(), {range.before, range.after, range.low, range.high, range.width});
  }
  return set;
}

ModelMatch MatchModel(std::string_view claimed, const uint64_t* words, size_t count) {
  const SetView set(words, count);
  if (count == 0 || set.empty()) return ModelMatch::kUndecided;
  if (const std::optional<uint64_t> hash = PlainHash(claimed); hash && set.HasHash(*hash)) return ModelMatch::kMatch;
  std::string folded = FoldModelText(claimed);
  // Of a claimed range both ends are claimed; "and so on" claims nothing more.
  std::replace(folded.begin(), folded.end(), kRangeSign, kListSign);
  std::replace(folded.begin(), folded.end(), kOpenSign, ' ');
  bool any = false;
  for (const std::string_view item : SplitList(folded)) {
    if (RunsOf(item).empty()) continue;
    any = true;
    if (!HasItem(set, item)) return set.open() ? ModelMatch::kUndecided : ModelMatch::kMismatch;
  }
  return any ? ModelMatch::kMatch : ModelMatch::kUndecided;
}

ModelMatch MatchAnyModel(std::string_view claimed, const uint64_t* set, size_t words) {
  ModelMatch best = MatchModel(claimed, set, words);
  const std::string folded = FoldModelText(claimed);
  for (const std::string_view item : SplitList(folded)) {
    const ModelMatch match = MatchModel(item, set, words);
    if (match == ModelMatch::kMatch) return match;
    if (match == ModelMatch::kUndecided) best = match;
  }
  return best;
}

}  // namespace zaojing
