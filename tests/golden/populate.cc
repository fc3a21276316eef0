#include "tests/golden/populate.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <string>

namespace zaojing::golden {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::string TextOf(const FieldDescriptor& field, int element) {
  return field.name() + "-早-" + std::to_string(element);
}

// Sets or appends, as the field demands. `element` makes the elements of a repeated field differ.
class FieldFiller {
 public:
  FieldFiller(Message* message, const FieldDescriptor* field, int element)
      : message_(message), field_(field), reflection_(*message->GetReflection()), element_(element) {}

  void Fill() {
    const int64_t number = int64_t{1'700'000'000'000'000} + field_->number() * 1000 + element_;
    switch (field_->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return Put(&Reflection::SetInt32, &Reflection::AddInt32, -field_->number() - element_);
      case FieldDescriptor::CPPTYPE_INT64:
        return Put(&Reflection::SetInt64, &Reflection::AddInt64, number);
      case FieldDescriptor::CPPTYPE_UINT32:
        return Put(&Reflection::SetUInt32, &Reflection::AddUInt32, 4'000'000'000U + static_cast<uint32_t>(element_));
      case FieldDescriptor::CPPTYPE_UINT64:
        return Put(&Reflection::SetUInt64, &Reflection::AddUInt64, ~static_cast<uint64_t>(number));
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return Put(&Reflection::SetDouble, &Reflection::AddDouble, static_cast<double>(element_) + 0.5);
      case FieldDescriptor::CPPTYPE_FLOAT:
        return Put(&Reflection::SetFloat, &Reflection::AddFloat, static_cast<float>(element_) + 0.5F);
      case FieldDescriptor::CPPTYPE_BOOL:
        return Put(&Reflection::SetBool, &Reflection::AddBool, true);
      case FieldDescriptor::CPPTYPE_ENUM:
        return FillEnum();
      case FieldDescriptor::CPPTYPE_STRING:
        return FillString();
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Populate(field_->is_repeated() ? reflection_.AddMessage(message_, field_)
                                              : reflection_.MutableMessage(message_, field_),
                        element_);
    }
  }

 private:
  template <typename Set, typename Add, typename Value>
  void Put(Set set, Add add, Value value) {
    if (field_->is_repeated()) {
      (reflection_.*add)(message_, field_, value);
    } else {
      (reflection_.*set)(message_, field_, value);
    }
  }

  // The last codes of the list, never the unspecified one.
  void FillEnum() {
    const EnumDescriptor* codes = field_->enum_type();
    const int index = std::max(1, codes->value_count() - 1 - element_);
    Put(&Reflection::SetEnumValue, &Reflection::AddEnumValue, codes->value(index)->number());
  }

  void FillString() {
    const bool binary = field_->type() == FieldDescriptor::TYPE_BYTES;
    const std::string value = binary ? std::string("\xff\x00\x7f", 3) : TextOf(*field_, element_);
    if (field_->is_repeated()) {
      reflection_.AddString(message_, field_, value);
    } else {
      reflection_.SetString(message_, field_, value);
    }
  }

  Message* const message_;
  const FieldDescriptor* const field_;
  const Reflection& reflection_;
  const int element_;
};

int ElementsOf(const FieldDescriptor& field) {
  if (!field.is_repeated()) return 1;
  int count = 2;
  if (field.message_type() != nullptr) {
    for (int i = 0; i < field.message_type()->real_oneof_decl_count(); ++i) {
      count = std::max(count, field.message_type()->oneof_decl(i)->field_count());
    }
  }
  return count;
}

bool IsOtherMember(const FieldDescriptor& field, int variant) {
  const auto* choice = field.real_containing_oneof();
  return choice != nullptr && field.index_in_oneof() != variant % choice->field_count();
}

}  // namespace

void Populate(Message* message, int variant) {
  const Descriptor* type = message->GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (IsOtherMember(*field, variant)) continue;
    for (int element = 0; element < ElementsOf(*field); ++element) {
      FieldFiller(message, field, field->is_repeated() ? element : variant).Fill();
    }
  }
}

}  // namespace zaojing::golden
