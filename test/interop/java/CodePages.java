import java.nio.charset.Charset;

/** Prints, for each charset named, the character of every byte in hexadecimal; FFFD where it has none. */
final class CodePages {
    private CodePages() {}

    public static void main(String[] names) {
        for (String name : names) {
            StringBuilder line = new StringBuilder();
            for (int value = 0; value < 256; value++) {
                String character = new String(new byte[] {(byte) value}, Charset.forName(name));
                line.append(String.format("%04x ", (int) character.charAt(0)));
            }
            System.out.println(line.toString().trim());
        }
    }
}
