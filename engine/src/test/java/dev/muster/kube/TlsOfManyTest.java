package dev.muster.kube;

import java.nio.file.Path;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** TLS is the same where there are many clusters. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsOfManyTest extends TlsTest {
  TlsOfManyTest(@TempDir Path folder) {
    super(folder);
  }

  @Override
  TlsKind kind() {
    return TlsKind.NATIVE;
  }
}
