// Golden files: tests/golden/v1/<Message>.<n>.golden, one message each. The file is a textproto, and its comment lines
// "# bytes: <hex>" are the bytes that message had when the file was written. README.md says how to add one.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <string>
#include <vector>

namespace zaojing::golden {

struct Golden {
  std::string file;                                    // name below v1/
  std::unique_ptr<google::protobuf::Message> message;  // what the text says
  std::string bytes;                                   // what the hex says
};

// Every message that is on the wire or in a store under its own name, in alphabetical order.
std::vector<const google::protobuf::Message*> StoredMessages();

// All golden files below `directory`, sorted by name. Ends the process with a message on a file it cannot read:
// only tests call it.
std::vector<Golden> ReadGoldens(const std::string& directory);

// The text of a golden file.
std::string Print(const google::protobuf::Message& message);

}  // namespace zaojing::golden
