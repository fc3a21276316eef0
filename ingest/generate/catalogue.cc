#include "ingest/generate/catalogue.h"

#include <array>

#include "ingest/generate/random.h"
#include "proto/check.h"

namespace zaojing::generate {
namespace {

constexpr Product kProducts[] = {
    {"0101", "电线组件", 20, Need::kCertified},
    {"0105", "聚氯乙烯绝缘电缆", 40, Need::kCertified},
    {"0201", "插头插座", 60, Need::kCertified},
    {"0202", "固定式电气装置的开关", 30, Need::kCertified},
    {"0204", "器具耦合器", 10, Need::kCertified},
    {"0205", "熔断体", 8, Need::kSelfDeclared},
    {"0301", "低压成套开关设备", 40, Need::kSelfDeclared},
    {"0307", "低压元器件", 30, Need::kSelfDeclared},
    {"0401", "小功率电动机", 15, Need::kSelfDeclared},
    {"0501", "电钻", 15, Need::kCertified},
    {"0506", "电锤", 8, Need::kCertified},
    {"0603", "直流弧焊机", 6, Need::kCertified},
    {"0701", "家用电冰箱", 15, Need::kCertified},
    {"0702", "电风扇", 45, Need::kCertified},
    {"0703", "空调器", 20, Need::kCertified},
    {"0705", "家用电动洗衣机", 12, Need::kCertified},
    {"0706", "电热水器", 25, Need::kCertified},
    {"0707", "室内加热器", 35, Need::kCertified},
    {"0708", "真空吸尘器", 20, Need::kCertified},
    {"0709", "皮肤和毛发护理器具", 40, Need::kCertified},
    {"0710", "电熨斗", 15, Need::kCertified},
    {"0711", "电磁灶", 18, Need::kCertified},
    {"0712", "电烤箱", 25, Need::kCertified},
    {"0713", "电动食品加工器具", 45, Need::kCertified},
    {"0714", "微波炉", 8, Need::kCertified},
    {"0718", "电饭锅", 25, Need::kCertified},
    {"0808", "电视机", 12, Need::kCertified},
    {"1001", "灯具", 110, Need::kCertified},
    {"2201", "童车", 30, Need::kCertified},
    {"0914", "移动电源", 25, Need::kSince2024},
    {"1119", "电动自行车", 0, Need::kCertified},
    {"1120", "电动自行车用锂离子蓄电池和充电器", 6, Need::kSince2025},
    {"9901", "收纳箱", 0, Need::kNone},
    {"9902", "陶瓷餐具", 0, Need::kNone},
};

constexpr bool ForYears(Need need) { return need == Need::kCertified || need == Need::kSelfDeclared; }

constexpr uint32_t TotalWeight(bool for_years) {
  uint32_t total = 0;
  for (const Product& product : kProducts) total += for_years && !ForYears(product.need) ? 0 : product.weight;
  return total;
}

uint32_t ByWeight(uint64_t draw, bool for_years) {
  uint64_t left = Below(draw, TotalWeight(for_years));
  for (uint32_t number = 0;; ++number) {
    const Product& product = kProducts[number];
    const uint64_t weight = for_years && !ForYears(product.need) ? 0 : product.weight;
    if (left < weight) return number;
    left -= weight;
  }
}

constexpr uint32_t Named(std::string_view code) {
  uint32_t number = 0;
  while (kProducts[number].code != code) ++number;
  return number;
}

}  // namespace

std::span<const Product> Products() { return kProducts; }
uint32_t CertifiedProduct(uint64_t draw) { return ByWeight(draw, true); }
uint32_t AnyCertifiableProduct(uint64_t draw) { return ByWeight(draw, false); }
uint32_t EBike() { return Named("1119"); }
uint32_t PowerBank() { return Named("0914"); }
uint32_t EBikeBattery() { return Named("1120"); }
uint32_t Unregulated(uint64_t draw) { return Named("9901") + static_cast<uint32_t>(Below(draw, 2)); }

}  // namespace zaojing::generate
