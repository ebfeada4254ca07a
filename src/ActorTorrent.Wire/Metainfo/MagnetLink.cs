using System.Globalization;
using System.Text;
using ActorTorrent.Wire.Bencode;

namespace ActorTorrent.Wire.Metainfo;

/// <summary>
/// A magnet link (BEP 9, BEP 53): names a torrent by its info hash, and where to begin to look for it. Links are typed, copied and
/// mangled by people and web pages: what is not understood is left out, what would name another torrent or other files is refused.
/// </summary>
public sealed class MagnetLink
{
    /// <summary>The longest link that is read, in characters.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>How many trackers, peers and web seeds of a link are kept, of each kind.</summary>
    public const int MaxAddresses = 200;

    /// <summary>How many ranges of files a link may select.</summary>
    public const int MaxSelections = 1_000;

    private const string Scheme = "magnet:";
    private const string V1 = "urn:btih:";
    private const string V2 = "urn:btmh:";
    private const int MaxName = 1_000;
    private const int Base32Length = 32;

    private readonly List<Uri> _trackers = [];
    private readonly List<Uri> _webSeeds = [];
    private readonly List<MagnetPeer> _peers = [];
    private readonly List<(int First, int Last)> _selection = [];
    private readonly List<string> _ignored = [];

    private MagnetLink()
    {
    }

    /// <summary>A link that names a torrent and nothing else.</summary>
    public MagnetLink(InfoHash infoHash) => InfoHash = infoHash;

    /// <summary>The torrent (<c>xt</c>); of a hybrid the hash of its version 1 half.</summary>
    public InfoHash InfoHash { get; private set; }

    /// <summary>Whether the link names the torrent's version 2 half, too (BEP 52).</summary>
    public bool IsHybrid { get; private set; }

    /// <summary>What to call it until its metadata is there (<c>dn</c>); from a stranger, and no file name.</summary>
    public string? Name { get; private set; }

    /// <summary>Its size in bytes as the link's maker says (<c>xl</c>).</summary>
    public long? Length { get; private set; }

    /// <summary>Trackers (<c>tr</c>), in the link's order, each once: http, https or udp.</summary>
    public IReadOnlyList<Uri> Trackers => _trackers;

    /// <summary>HTTP servers that hold the files (<c>ws</c>).</summary>
    public IReadOnlyList<Uri> WebSeeds => _webSeeds;

    /// <summary>Peers (<c>x.pe</c>).</summary>
    public IReadOnlyList<MagnetPeer> Peers => _peers;

    /// <summary>The files that are wanted (<c>so</c>, BEP 53), as ranges of their indices from 0; empty when all are.</summary>
    public IReadOnlyList<(int First, int Last)> Selection => _selection;

    /// <summary>Addresses in it that cannot be used.</summary>
    public IReadOnlyList<string> Ignored => _ignored;

    /// <summary>
    /// Whether a text is meant as a magnet link: it starts with <c>magnet:</c>, or is a bare info hash (40 hex digits, or 32 letters and
    /// digits of base32), as other clients take it.
    /// </summary>
    public static bool IsMeant(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.TrimStart().StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || TryParseHash(text.Trim(), out _);
    }

    /// <summary>Reads a link, or a bare info hash.</summary>
    /// <exception cref="MagnetFormatException">It is no link that can be used.</exception>
    public static MagnetLink Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength)
            throw new MagnetFormatException($"The magnet link has {text.Length} characters; at most {MaxLength} are read.");
        text = text.Trim();
        if (TryParseHash(text, out var bare))
            return new MagnetLink(bare);
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw new MagnetFormatException("A magnet link starts with 'magnet:?'.");
        var query = text.AsSpan(Scheme.Length).TrimStart('/').TrimStart('?');
        var link = new MagnetLink();
        var state = default(Names);
        foreach (var range in query.Split('&'))
            link.Take(query[range], ref state);
        if (!state.HasV1)
        {
            throw new MagnetFormatException(state.HasV2
                ? "The magnet link names a v2-only torrent (urn:btmh), which is not supported yet: use a link of a hybrid or v1 torrent (urn:btih)."
                : "The magnet link names no torrent: xt=urn:btih: and 40 hex digits, or 32 of base32, is missing.");
        }
        link.IsHybrid = state.HasV2;
        return link;
    }

    /// <summary>Whether a file is among those selected.</summary>
    /// <param name="index">The file's index, from 0.</param>
    public bool IsSelected(int index) => _selection.Count == 0 || _selection.Exists(range => index >= range.First && index <= range.Last);

    /// <summary>The link: the parts that were understood, escaped.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Scheme).Append("?xt=").Append(V1).Append(InfoHash);
        if (Name is not null)
            text.Append("&dn=").Append(Uri.EscapeDataString(Name));
        if (Length is { } length)
            text.Append(CultureInfo.InvariantCulture, $"&xl={length}");
        foreach (var tracker in _trackers)
            text.Append("&tr=").Append(Uri.EscapeDataString(tracker.AbsoluteUri));
        foreach (var seed in _webSeeds)
            text.Append("&ws=").Append(Uri.EscapeDataString(seed.AbsoluteUri));
        foreach (var peer in _peers)
            text.Append("&x.pe=").Append(peer);
        if (_selection.Count > 0)
            text.Append("&so=").AppendJoin(',', _selection.Select(Range));
        return text.ToString();
    }

    private static string Range((int First, int Last) range) =>
        range.First == range.Last ? Digits(range.First) : $"{Digits(range.First)}-{Digits(range.Last)}";

    private static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void Take(ReadOnlySpan<char> part, ref Names state)
    {
        // Links copied out of a web page's source have their ampersands escaped.
        if (part.StartsWith("amp;", StringComparison.OrdinalIgnoreCase))
            part = part[4..];
        var equals = part.IndexOf('=');
        if (equals <= 0)
            return;
        var value = part[(equals + 1)..];
        var key = Key(part[..equals]);
        switch (key)
        {
            case "xt":
                TakeTopic(Unescape(value, plusIsSpace: false), ref state);
                break;
            case "dn" when Name is null && Unescape(value, plusIsSpace: true) is { Length: > 0 } name:
                Name = name.Length <= MaxName ? name : name[..MaxName];
                break;
            case "xl" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length > 0:
                Length = length;
                break;
            case "tr":
                TakeAddress(Unescape(value, plusIsSpace: false), _trackers, "http", "https", "udp");
                break;
            case "ws":
                TakeAddress(Unescape(value, plusIsSpace: false), _webSeeds, "http", "https");
                break;
            case "x.pe":
                var text = Unescape(value, plusIsSpace: false);
                if (!MagnetPeer.TryParse(text, out var peer))
                    Ignore(text);
                else if (_peers.Count < MaxAddresses && !_peers.Contains(peer))
                    _peers.Add(peer);
                break;
            case "so":
                TakeSelection(Unescape(value, plusIsSpace: false));
                break;
        }
    }

    /// <summary>A key without its number (<c>tr.1</c>), which some links have.</summary>
    private static string Key(ReadOnlySpan<char> key)
    {
        var dot = key.LastIndexOf('.');
        var isNumbered = dot > 0 && dot < key.Length - 1 && !key[(dot + 1)..].ContainsAnyExceptInRange('0', '9');
        return (isNumbered ? key[..dot] : key).ToString().ToLowerInvariant();
    }

    private void TakeTopic(string topic, ref Names state)
    {
        if (topic.StartsWith(V2, StringComparison.OrdinalIgnoreCase))
        {
            state.HasV2 = true;
            return;
        }
        // Other networks' hashes may stand beside ours.
        if (!topic.StartsWith(V1, StringComparison.OrdinalIgnoreCase))
            return;
        var text = topic[V1.Length..];
        if (!TryParseHash(text, out var hash))
            throw new MagnetFormatException($"xt: '{PrintableBytes.Of(Encoding.UTF8.GetBytes(text), 80)}' is no info hash: 40 hex digits, or 32 of base32.");
        if (state.HasV1 && hash != InfoHash)
            throw new MagnetFormatException($"The magnet link names two torrents, {InfoHash} and {hash}.");
        InfoHash = hash;
        state.HasV1 = true;
    }

    private void TakeAddress(string text, List<Uri> list, params ReadOnlySpan<string> schemes)
    {
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) || url.Host.Length == 0 || url.Port <= 0 || !schemes.Contains(url.Scheme))
            Ignore(text);
        else if (list.Count < MaxAddresses && !list.Contains(url))
            list.Add(url);
    }

    private void Ignore(string text)
    {
        if (_ignored.Count < MaxAddresses && text.Length > 0)
            _ignored.Add(text);
    }

    private void TakeSelection(string text)
    {
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = item.IndexOf('-', StringComparison.Ordinal);
            if (!TryParseIndex(dash < 0 ? item : item.AsSpan(0, dash), out var first)
                || !TryParseIndex(dash < 0 ? item : item.AsSpan(dash + 1), out var last)
                || last < first)
            {
                throw new MagnetFormatException($"so: '{PrintableBytes.Of(Encoding.UTF8.GetBytes(item), 80)}' is no file number or range, such as 0,2,4-6.");
            }
            if (_selection.Count == MaxSelections)
                throw new MagnetFormatException($"so: selects more than {MaxSelections} ranges of files.");
            _selection.Add((first, last));
        }
    }

    private static bool TryParseIndex(ReadOnlySpan<char> text, out int index) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index);

    private static bool TryParseHash(string text, out InfoHash hash) =>
        text.Length == Base32Length ? TryParseBase32(text, out hash) : InfoHash.TryParse(text, out hash);

    private static bool TryParseBase32(string text, out InfoHash hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        int bits = 0, held = 0, at = 0;
        foreach (var letter in text)
        {
            var value = char.IsAsciiLetter(letter) ? (letter | 0x20) - 'a' : letter is >= '2' and <= '7' ? letter - '2' + 26 : -1;
            if (value < 0)
                return false;
            bits = ((bits << 5) | value) & 0xFFF;
            held += 5;
            if (held < 8)
                continue;
            held -= 8;
            bytes[at++] = (byte)(bits >> held);
        }
        hash = new InfoHash(bytes);
        return true;
    }

    /// <summary>Undoes the escapes (RFC 3986); a percent sign that begins none stands for itself.</summary>
    private static string Unescape(ReadOnlySpan<char> text, bool plusIsSpace)
    {
        var utf8 = Encoding.UTF8.GetBytes(text.ToString());
        var count = 0;
        for (var i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] == '%' && i + 2 < utf8.Length && char.IsAsciiHexDigit((char)utf8[i + 1]) && char.IsAsciiHexDigit((char)utf8[i + 2]))
            {
                utf8[count++] = Convert.FromHexString([(char)utf8[i + 1], (char)utf8[i + 2]])[0];
                i += 2;
            }
            else
            {
                utf8[count++] = plusIsSpace && utf8[i] == '+' ? (byte)' ' : utf8[i];
            }
        }
        return BencodeText.Decode(utf8.AsSpan(0, count));
    }

    private struct Names
    {
        public bool HasV1;
        public bool HasV2;
    }
}
