#include "ingest/generate/names.h"

#include <array>

#include "ingest/generate/random.h"

namespace zaojing::generate {
namespace {

struct City {
  std::string_view code;
  std::string_view name;
};

constexpr City kCities[] = {
    {"110100", "北京"}, {"120100", "天津"},     {"130100", "石家庄"}, {"210100", "沈阳"}, {"310100", "上海"},
    {"320100", "南京"}, {"320200", "无锡"},     {"320500", "苏州"},   {"330100", "杭州"}, {"330200", "宁波"},
    {"330300", "温州"}, {"330400", "嘉兴"},     {"330700", "金华"},   {"331000", "台州"}, {"340100", "合肥"},
    {"350100", "福州"}, {"350200", "厦门"},     {"360100", "南昌"},   {"370100", "济南"}, {"370200", "青岛"},
    {"410100", "郑州"}, {"420100", "武汉"},     {"430100", "长沙"},   {"440100", "广州"}, {"440300", "深圳"},
    {"440600", "佛山"}, {"441900", "东莞"},     {"442000", "中山"},   {"500100", "重庆"}, {"510100", "成都"},
    {"610100", "西安"}, {"650100", "乌鲁木齐"},
};
constexpr uint64_t kCityCount = std::size(kCities);

constexpr std::array<std::string_view, 32> kSyllables = {
    "安", "宝", "晨", "达", "恩", "丰", "光", "海", "华", "嘉", "康", "乐", "美", "宁", "鹏", "奇",
    "瑞", "盛", "泰", "旺", "祥", "雅", "智", "卓", "明", "百", "天", "信", "亿", "永", "金", "福"};
constexpr std::array<std::string_view, 4> kTrades = {"电器有限公司", "科技有限公司", "实业有限公司", "制造有限公司"};

constexpr std::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::array<uint32_t, 17> kUsccWeights = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};

std::string Uscc(std::string_view head, std::string_view region, uint64_t ordinal) {
  std::string code(head);
  code.append(region);
  // Nine characters in base 31, highest first.
  std::array<char, 9> body{};
  for (size_t i = body.size(); i > 0; --i, ordinal /= 31) body[i - 1] = kUsccAlphabet[ordinal % 31];
  code.append(body.data(), body.size());
  uint32_t sum = 0;
  for (size_t i = 0; i < code.size(); ++i) {
    sum += static_cast<uint32_t>(kUsccAlphabet.find(code[i])) * kUsccWeights[i];
  }
  code.push_back(kUsccAlphabet[(31 - sum % 31) % 31]);
  return code;
}

enum class Form : uint8_t { kList, kRange, kBrackets, kOpen };
Form FormOf(uint64_t draw) { return static_cast<Form>(draw & 3U); }
constexpr uint64_t kRangeLength = 41;

// Two or three letters; none is Z, with which foreign models begin.
std::string Series(uint64_t draw) {
  constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXY";
  std::string text;
  for (uint64_t rest = draw >> 8, left = 2 + (draw >> 4 & 1U); left > 0; --left, rest /= kLetters.size()) {
    text.push_back(kLetters[rest % kLetters.size()]);
  }
  return text.append("-");
}

std::string Numbered(uint64_t draw, uint64_t step) {
  return Series(draw).append(std::to_string(100 + (draw >> 32) % 800 + step));
}

}  // namespace

void AppendNumber(uint64_t number, uint32_t width, std::string* text) {
  char digits[20];
  uint32_t count = 0;
  for (; number > 0 || count < width; number /= 10) digits[count++] = static_cast<char>('0' + number % 10);
  while (count > 0) text->push_back(digits[--count]);
}

std::string_view RegionOf(uint64_t draw) { return kCities[Below(draw, kCityCount)].code; }
std::string_view CityOf(uint64_t draw) { return kCities[Below(draw, kCityCount)].name; }

std::string MakerUscc(uint64_t maker, std::string_view region) { return Uscc("91", region, maker * 31 + 5); }
std::string MerchantUscc(uint64_t merchant, std::string_view region) { return Uscc("92", region, merchant * 31 + 7); }

std::string BrandOf(uint64_t maker) {
  std::string brand;
  for (uint64_t rest = maker, left = maker < 32 * 32 * 32 ? 3 : 6; left > 0; --left, rest /= 32) {
    brand.append(kSyllables[rest % 32]);
  }
  return brand;
}

std::string MakerName(uint64_t maker, std::string_view city, bool former) {
  std::string name(city);
  name.append(BrandOf(maker)).append(former ? "电器厂" : kTrades[maker % kTrades.size()]);
  return name;
}

std::string Gtin(uint64_t goods) {
  std::string code = "69";
  AppendNumber(goods % 10'000'000'000U, 10, &code);
  uint32_t sum = 0;
  for (size_t i = 0; i < code.size(); ++i) {
    sum += static_cast<uint32_t>(code[code.size() - 1 - i] - '0') * (i % 2 == 0 ? 3U : 1U);
  }
  code.push_back(static_cast<char>('0' + (10 - sum % 10) % 10));
  return code;
}

std::vector<std::string> PrintedModels(uint64_t draw) {
  switch (FormOf(draw)) {
    case Form::kList:
      return {Numbered(draw, 0), Numbered(draw, 1), Numbered(draw, 2)};
    case Form::kRange:
      return {Numbered(draw, 0) + "~" + Numbered(draw, kRangeLength - 1)};
    case Form::kBrackets:
      return {Numbered(draw, 0) + "(C)"};
    case Form::kOpen:
      break;
  }
  return {Numbered(draw, 0) + "、" + Numbered(draw, 1) + "等"};
}

std::string ClaimedModel(uint64_t draw, uint64_t pick) {
  switch (FormOf(draw)) {
    case Form::kList:
      return Numbered(draw, Below(pick, 3));
    case Form::kRange:
      return Numbered(draw, Below(pick, kRangeLength));
    case Form::kBrackets:
      return Numbered(draw, 0) + (pick % 2 == 0 ? "C" : "");
    case Form::kOpen:
      break;
  }
  return Numbered(draw, Below(pick, 2));
}

std::string ForeignModel(uint64_t draw, uint64_t pick) { return "Z" + Numbered(draw, Below(pick, kRangeLength)); }

bool HasOpenModels(uint64_t draw) { return FormOf(draw) == Form::kOpen; }

}  // namespace zaojing::generate
