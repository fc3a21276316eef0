// Fills every field of a message with a value of its own, so that a golden file covers the whole schema. Pure.
#pragma once

#include <google/protobuf/message.h>

namespace zaojing::golden {

// `variant` chooses the member of each oneof that is set; repeated messages get one element a member.
void Populate(google::protobuf::Message* message, int variant);

}  // namespace zaojing::golden
