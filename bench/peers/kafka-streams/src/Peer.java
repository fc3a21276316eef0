package zaojing.peer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The screen stage's look-ups as a Kafka Streams application, exactly once. Runs until it is told to end (SIGTERM: exit
 * 0) or fails (exit 1). Options: --bootstrap, --application, --inputs and --outputs (prefixes of topics), --state (a
 * directory), --setting (Setting.java).
 */
public final class Peer {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);
  private static final String LOOKUPS = "lookups", GATE = "gate";

  private Peer() { }

  public static void main(String[] arguments) {
    final Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) options.put(arguments[i], arguments[i + 1]);
    final Setting setting = new Setting(options.getOrDefault("--setting", ""));
    final Topology topology = topologyOf(setting, options.get("--inputs"), options.get("--outputs"));
    final KafkaStreams streams = new KafkaStreams(topology, Configuration.of(setting, options));
    streams.setUncaughtExceptionHandler(error -> {
      error.printStackTrace();
      Runtime.getRuntime().halt(1);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    });
    // Halted from the hook, because a JVM that ends by SIGTERM reports 143 however well it closed.
    final Runnable stop = () -> Runtime.getRuntime().halt(streams.close(STOP_PATIENCE) ? 0 : 1);
    Runtime.getRuntime().addShutdownHook(new Thread(stop));
    streams.start();
  }

  private static Topology topologyOf(Setting setting, String inputs, String outputs) {
    final Registry registry = new Registry(setting.is("registry", "heap"));
    final Topology topology = new Topology();
    addGlobal(topology, Registry.CERTIFICATES, inputs + "ccc.certificates", () -> registry.new Certificates(),
        setting.is("registry", "rocksdb"));
    addGlobal(topology, Registry.CONTROL, inputs + "control", () -> registry.new Control(), false);
    topology.addSource(LOOKUPS, new ByteArrayDeserializer(), new ByteArrayDeserializer(), inputs + "ccc.lookups");
    topology.addProcessor(GATE, () -> new Gate(registry, setting.is("listings", "heap")), LOOKUPS);
    final boolean caching = setting.number("cache_mib") > 0;
    topology.addStateStore(store(Gate.LISTINGS, caching && setting.is("listings", "cache")), GATE);
    topology.addStateStore(store(Gate.INDEX, false), GATE);
    topology.addStateStore(store(Gate.TALLIES, caching), GATE);
    for (final String sink : new String[] {Gate.VERDICTS, Gate.TAKEDOWNS}) {
      topology.addSink(sink, outputs + sink, new ByteArraySerializer(), new ByteArraySerializer(), GATE);
    }
    return topology;
  }

  /** On disk, with a changelog. */
  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name, boolean caching) {
    final StoreBuilder<KeyValueStore<Bytes, byte[]>> builder =
        Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray());
    return caching ? builder.withCachingEnabled() : builder;
  }

  private static void addGlobal(Topology topology, String name, String topic,
      ProcessorSupplier<byte[], byte[], Void, Void> processor, boolean persistent) {
    final StoreBuilder<KeyValueStore<Bytes, byte[]>> builder = Stores.keyValueStoreBuilder(
        persistent ? Stores.persistentKeyValueStore(name) : Stores.inMemoryKeyValueStore(name), Serdes.Bytes(),
        Serdes.ByteArray());
    topology.addGlobalStore(builder.withLoggingDisabled(), name + "-source", new ByteArrayDeserializer(),
        new ByteArrayDeserializer(), topic, name + "-reader", processor);
  }
}
