package zaojing.peer;

import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** What Kafka Streams and its clients are told: sized for throughput, as the worker's are. */
final class Configuration {
  private static final int MIB = 1 << 20;

  private Configuration() { }

  static Properties of(Setting setting, Map<String, String> options) {
    final Properties all = new Properties();
    all.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, options.get("--bootstrap"));
    all.put(StreamsConfig.APPLICATION_ID_CONFIG, options.get("--application"));
    all.put(StreamsConfig.STATE_DIR_CONFIG, options.get("--state"));
    all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, setting.text("threads"));
    all.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, setting.text("commit_ms"));
    all.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, setting.number("cache_mib") * MIB);
    // Above what one poll brings, so that partitions are not paused and resumed all the time.
    all.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, (int) setting.number("poll_records"));
    all.put(StreamsConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
    all.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    if (setting.is("rocksdb", "tuned")) all.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksTuning.class);

    all.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    all.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), setting.text("poll_records"));
    all.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 4 * MIB);
    all.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), 64 * MIB);
    all.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 100);
    all.put(StreamsConfig.consumerPrefix(ConsumerConfig.RECEIVE_BUFFER_CONFIG), MIB);
    all.put(StreamsConfig.consumerPrefix(ConsumerConfig.CHECK_CRCS_CONFIG), false);

    all.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    all.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), setting.text("linger_ms"));
    all.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), MIB / 2);
    all.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 128L * MIB);
    return all;
  }
}
