using System.Collections.ObjectModel;
using System.Net;
using System.Text;
using ActorTorrent.Wire.Bencode;
using BencodeNET.Objects;

namespace ActorTorrent.Wire.Peers;

/// <summary>
/// The extension protocol's handshake (BEP 10): a bencoded dictionary in an extended message with id 0. Either side may send it more than
/// once; what a later one leaves out stays as it was. A null property is a key that was left out.
/// </summary>
public sealed record ExtensionHandshake
{
    /// <summary>The id of the handshake within the extension protocol: 0.</summary>
    public const byte Id = 0;

    /// <summary>The most bytes of a handshake that are looked at: 16 KiB.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>The most bytes of a client's name that are kept.</summary>
    public const int MaxClientLength = 128;

    /// <summary>The most extensions that are kept of one handshake.</summary>
    public const int MaxExtensions = 64;

    /// <summary>
    /// <c>m</c>: the extensions that the sender takes, each with the id (1 to 255) under which it wants them; 0 switches one off.
    /// </summary>
    public IReadOnlyDictionary<string, byte> Extensions { get; init; } = ReadOnlyDictionary<string, byte>.Empty;

    /// <summary><c>v</c>: the client's name and version. It comes from a stranger; control characters are shown as escapes.</summary>
    public string? Client { get; init; }

    /// <summary><c>p</c>: the TCP port the sender listens on, 1 to 65,535.</summary>
    public int? ListenPort { get; init; }

    /// <summary><c>reqq</c>: how many requests the sender queues without dropping any; at least 1.</summary>
    public int? RequestQueue { get; init; }

    /// <summary><c>yourip</c>: the receiver's address as the sender sees it, 4 or 16 bytes.</summary>
    public IPAddress? YourIp { get; init; }

    /// <summary><c>upload_only</c> (BEP 21): the sender wants no more pieces, though it may not have all.</summary>
    public bool? IsUploadOnly { get; init; }

    /// <summary><c>metadata_size</c> (BEP 9): the length of the info dictionary in bytes, as claimed; any number, check it before use.</summary>
    public long? MetadataSize { get; init; }

    /// <summary>The payload of the extended message: canonical bencode.</summary>
    public byte[] Encode()
    {
        var extensions = new BDictionary();
        foreach (var (name, id) in Extensions)
            extensions[new BString(name, Encoding.UTF8)] = new BNumber(id);
        var root = new BDictionary { ["m"] = extensions };
        if (Client is not null)
            root["v"] = new BString(Client, Encoding.UTF8);
        if (ListenPort is { } port)
            root["p"] = new BNumber(port);
        if (RequestQueue is { } queue)
            root["reqq"] = new BNumber(queue);
        if (YourIp is not null)
            root["yourip"] = new BString(YourIp.GetAddressBytes(), Encoding.Latin1);
        if (IsUploadOnly is { } isUploadOnly)
            root["upload_only"] = new BNumber(isUploadOnly ? 1 : 0);
        if (MetadataSize is { } size)
            root["metadata_size"] = new BNumber(size);
        return root.EncodeAsBytes();
    }

    /// <summary>Reads a payload. Values that make no sense (a port 0, an address of 5 bytes) count as left out: clients send them.</summary>
    /// <exception cref="PeerWireException">
    /// It is no bencoded dictionary, or longer than <see cref="MaxLength"/> (<see cref="PeerWireError.MalformedMessage"/>).
    /// </exception>
    public static ExtensionHandshake Parse(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > MaxLength)
            throw Malformed($"it has {payload.Length} bytes, more than {MaxLength}");
        var fields = BencodeFields.Parse(payload, (field, offset, message) => Malformed($"{field} at byte {offset} {message}"));
        var extensions = new Dictionary<string, byte>(StringComparer.Ordinal);
        foreach (var (name, id) in fields.Lenient<BDictionary>("m") ?? [])
        {
            if (extensions.Count < MaxExtensions && id is BNumber { Value: >= 0 and <= byte.MaxValue } number)
                extensions[PrintableBytes.Of(name.Value.Span, MaxClientLength)] = (byte)number.Value;
        }
        return new ExtensionHandshake
        {
            Extensions = extensions,
            Client = fields.Lenient<BString>("v") is { } client ? Name(client.Value.Span) : null,
            ListenPort = Number("p") is >= 1 and <= IPEndPoint.MaxPort and var port ? (int)port : null,
            RequestQueue = Number("reqq") is >= 1 and var queue ? (int)Math.Min(queue, int.MaxValue) : null,
            YourIp = fields.Lenient<BString>("yourip")?.Value is { Length: 4 or 16 } address ? new IPAddress(address.Span) : null,
            IsUploadOnly = Number("upload_only") is { } flag ? flag != 0 : null,
            MetadataSize = Number("metadata_size"),
        };

        long? Number(string key) => fields.Lenient<BNumber>(key)?.Value;
    }

    /// <summary>What is known of the sender after this, its latest handshake.</summary>
    /// <param name="earlier">What was known before; null when this is the first.</param>
    public ExtensionHandshake Over(ExtensionHandshake? earlier)
    {
        if (earlier is null)
            return this;
        var extensions = new Dictionary<string, byte>(earlier.Extensions, StringComparer.Ordinal);
        foreach (var (name, id) in Extensions)
        {
            if (extensions.Count < MaxExtensions || extensions.ContainsKey(name))
                extensions[name] = id;
        }
        return new ExtensionHandshake
        {
            Extensions = extensions,
            Client = Client ?? earlier.Client,
            ListenPort = ListenPort ?? earlier.ListenPort,
            RequestQueue = RequestQueue ?? earlier.RequestQueue,
            YourIp = YourIp ?? earlier.YourIp,
            IsUploadOnly = IsUploadOnly ?? earlier.IsUploadOnly,
            MetadataSize = MetadataSize ?? earlier.MetadataSize,
        };
    }

    private static string Name(ReadOnlySpan<byte> bytes) =>
        bytes.Length <= MaxClientLength && BencodeText.TryDecode(bytes, out var text) && !text.Any(char.IsControl)
            ? text
            : PrintableBytes.Of(bytes, MaxClientLength);

    private static PeerWireException Malformed(string what) =>
        new(PeerWireError.MalformedMessage, $"The extension handshake is malformed: {what}.");
}
