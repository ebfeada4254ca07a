using System.Text;

namespace BencodeNET.Objects;

public static class BObjectExtensions
{
    public static string EncodeAsString(this IBObject bobject) => bobject.EncodeAsString(Encoding.UTF8);

    public static string EncodeAsString(this BString bstring) => bstring.EncodeAsString(bstring.Encoding);

    public static string EncodeAsString(this IBObject bobject, Encoding encoding) => encoding.GetString(bobject.EncodeAsBytes());

    public static byte[] EncodeAsBytes(this IBObject bobject)
    {
        using var stream = new MemoryStream(bobject.GetSizeInBytes());
        bobject.EncodeTo(stream);
        return stream.ToArray();
    }

    public static void EncodeTo(this IBObject bobject, string filePath)
    {
        using var stream = File.Create(filePath);
        bobject.EncodeTo(stream);
    }
}
