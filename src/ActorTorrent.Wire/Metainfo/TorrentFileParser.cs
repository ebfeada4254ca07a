using System.Security.Cryptography;
using System.Text;
using ActorTorrent.Wire.Bencode;
using BencodeNET.Objects;

namespace ActorTorrent.Wire.Metainfo;

/// <summary>
/// Reads torrent files (BEP 3; also BEP 12, 19, 27, 47, and of BEP 52 the version 1 half of a hybrid). The bytes are from strangers: they
/// are scanned before they are parsed, every field that matters is checked, and so is every path.
/// </summary>
public static class TorrentFileParser
{
    /// <summary>The longest piece accepted, in bytes: 1 GiB.</summary>
    public const int MaxPieceLength = 1 << 30;

    private const string InfoKey = "info";

    /// <summary>Reads a torrent file. The result keeps slices of <paramref name="bytes"/>; do not change them.</summary>
    /// <exception cref="TorrentFormatException">The file cannot be used.</exception>
    public static TorrentMetainfo Parse(ReadOnlyMemory<byte> bytes)
    {
        var root = BencodeFields.Parse(bytes, (field, offset, message) => new TorrentFormatException(field, offset, message));
        var info = root.Fields(InfoKey)
            ?? throw root.Fault(InfoKey, "is missing; without it this is no torrent file: get it again from where it came");
        var isHybrid = CheckVersion(info);
        var pieceLength = ReadPieceLength(info);
        var name = ReadName(info);
        var files = info.Has("files") ? ReadFiles(info, name) : ReadSingleFile(info, name);
        var layout = Arrange(info, files, pieceLength);
        var hashes = ReadHashes(info, layout);
        var (tiers, ignored) = ReadTrackers(root);

        BencodeScanner.TryFind(bytes.Span, BencodePath.Root.Key(InfoKey), out var infoRange);
        var infoBytes = bytes[infoRange];
        return new TorrentMetainfo
        {
            InfoHash = new InfoHash(SHA1.HashData(infoBytes.Span)),
            Name = name,
            Layout = layout,
            PieceHashes = hashes,
            InfoBytes = infoBytes,
            IsPrivate = info.Lenient<BNumber>("private")?.Value == 1,
            IsHybrid = isHybrid,
            AnnounceTiers = tiers,
            IgnoredTrackers = ignored,
            WebSeeds = ReadWebSeeds(root),
            Comment = ReadText(root, "comment.utf-8") ?? ReadText(root, "comment"),
            CreatedBy = ReadText(root, "created by"),
            CreationDate = ReadDate(root),
            Source = ReadText(info, "source"),
        };
    }

    /// <summary>Refuses what only version 2 can read; returns whether version 2's half is there too.</summary>
    private static bool CheckVersion(BencodeFields info)
    {
        if (info.Number("meta version") is not { } version || version < 2)
            return false;
        if (!info.Has("pieces"))
        {
            throw info.Fault(
                "meta version",
                version == 2
                    ? "v2-only torrents are not supported yet: use a hybrid or v1 torrent"
                    : $"is {version}, which is not known: use a v1 torrent");
        }
        return version == 2;
    }

    private static int ReadPieceLength(BencodeFields info)
    {
        const string Key = "piece length";
        var length = info.Number(Key) ?? throw info.Fault(Key, $"is missing; it must be 1 to {MaxPieceLength} bytes");
        if (length is < 1 or > MaxPieceLength)
            throw info.Fault(Key, $"is {length}; it must be 1 to {MaxPieceLength} bytes (1 GiB)");
        return (int)length;
    }

    private static string ReadName(BencodeFields info)
    {
        var (key, text) = info.Bytes("name.utf-8") is { } bytes && BencodeText.TryDecode(bytes.Span, out var utf8)
            ? ("name.utf-8", utf8)
            : ("name", BencodeText.Decode((info.Bytes("name") ?? throw info.Fault("name", "is missing; it must be a file's or folder's name")).Span));
        if (PathRules.Refuse(text) is { } reason)
            throw info.Fault(key, $"{reason}; it must be a plain file name");
        return text;
    }

    private static List<TorrentFileEntry> ReadSingleFile(BencodeFields info, string name)
    {
        var length = info.Number("length") ?? throw info.Fault("length", "is missing, and so is info.files; one of them must be there");
        if (length < 0)
            throw info.Fault("length", $"is {length}; a file's length must be 0 or more");
        RefuseLink(info);
        return [new TorrentFileEntry(0, [name], length, 0)];
    }

    private static List<TorrentFileEntry> ReadFiles(BencodeFields info, string name)
    {
        const string Key = "files";
        if (info.Has("length"))
            throw info.Fault("length", "stands beside info.files; only one of them may be there");
        var list = info.List(Key)!;
        if (list.Count == 0)
            throw info.Fault(Key, "holds no file; it must hold one at least");
        var files = new List<TorrentFileEntry>(list.Count);
        var names = new PathSet();
        var offset = 0L;
        var path = info.Path.Key(Key);
        for (var i = 0; i < list.Count; i++)
        {
            var at = path.Item(i);
            var file = info.Within(list[i] as BDictionary ?? throw info.Fault(at, "must be a dictionary of length and path"), at);
            var length = file.Number("length") ?? throw file.Fault("length", "is missing; a file's length must be 0 or more");
            if (length < 0)
                throw file.Fault("length", $"is {length}; a file's length must be 0 or more");
            if (length > long.MaxValue - offset)
                throw file.Fault("length", "makes the files' sum overflow 64 bits; the lengths cannot be right");
            RefuseLink(file);
            var isPadding = HasAttribute(file, (byte)'p');
            var segments = ReadPath(file, name, out var key);
            // Padding is never written, and makers of torrents give several of it one name.
            if (!isPadding && names.Add(segments.AsSpan(1)) is { } reason)
                throw file.Fault(key, $"{reason}; every path must be its own");
            files.Add(new TorrentFileEntry(i, segments, length, offset) { IsPadding = isPadding });
            offset += length;
        }
        return files;
    }

    private static string[] ReadPath(BencodeFields file, string name, out string key)
    {
        key = "path";
        var text = file.Has("path.utf-8") ? DecodePath(file.List("path.utf-8")!, strict: true) : null;
        if (text is not null)
            key = "path.utf-8";
        else
        {
            var list = file.List(key) ?? throw file.Fault(key, "is missing; it must be a list of names");
            text = DecodePath(list, strict: false);
            if (text is null)
                throw file.Fault(file.Path.Key(key).Item(IndexOfNoString(list)), "must be a string");
        }
        if (text.Length == 0)
            throw file.Fault(key, "is empty; it must hold one name at least");
        var bytes = (long)Encoding.UTF8.GetByteCount(name);
        for (var i = 0; i < text.Length; i++)
        {
            if (PathRules.Refuse(text[i]) is { } reason)
                throw file.Fault(file.Path.Key(key).Item(i), $"{reason}; it must be a plain file or folder name");
            bytes += Encoding.UTF8.GetByteCount(text[i]) + 1;
        }
        if (bytes > PathRules.MaxPathBytes)
            throw file.Fault(key, $"is {bytes} bytes long as a path; at most {PathRules.MaxPathBytes} are accepted");
        return [name, .. text];
    }

    private static int IndexOfNoString(BList list)
    {
        var index = 0;
        while (list[index] is BString)
            index++;
        return index;
    }

    /// <summary>The names of a path; null when one is no string, or (strict) not UTF-8.</summary>
    private static string[]? DecodePath(BList list, bool strict)
    {
        var text = new string[list.Count];
        for (var i = 0; i < text.Length; i++)
        {
            if (list[i] is not BString name)
                return null;
            if (!BencodeText.TryDecode(name.Value.Span, out text[i]))
            {
                if (strict)
                    return null;
                text[i] = BencodeText.Decode(name.Value.Span);
            }
        }
        return text;
    }

    private static void RefuseLink(BencodeFields file)
    {
        if (HasAttribute(file, (byte)'l'))
            throw file.Fault("attr", "makes this file a symbolic link, which is refused: use a torrent without links");
    }

    private static bool HasAttribute(BencodeFields file, byte attribute) =>
        file.Lenient<BString>("attr") is { } attributes && attributes.Value.Span.Contains(attribute);

    private static FileLayout Arrange(BencodeFields info, List<TorrentFileEntry> files, int pieceLength)
    {
        var total = files[^1].Offset + files[^1].Length;
        var key = info.Has("files") ? "files" : "length";
        if (total == 0)
            throw info.Fault(key, "comes to no bytes at all; there is nothing to fetch");
        if (total / pieceLength >= int.MaxValue / PieceHashes.HashLength)
            throw info.Fault(key, $"comes to {total} bytes, too many pieces of {pieceLength} bytes; the lengths cannot be right");
        return new FileLayout(files, pieceLength);
    }

    private static PieceHashes ReadHashes(BencodeFields info, FileLayout layout)
    {
        const string Key = "pieces";
        var bytes = info.Bytes(Key) ?? throw info.Fault(Key, "is missing; it must hold 20 bytes for each piece");
        if (bytes.Length % PieceHashes.HashLength != 0)
            throw info.Fault(Key, $"is {bytes.Length} bytes long; it must be a multiple of 20");
        if (bytes.Length / PieceHashes.HashLength != layout.PieceCount)
        {
            throw info.Fault(
                Key,
                $"holds {bytes.Length / PieceHashes.HashLength} hashes; {layout.TotalLength} bytes in pieces of {layout.PieceLength} need {layout.PieceCount}");
        }
        return new PieceHashes(bytes);
    }

    private static (IReadOnlyList<IReadOnlyList<Uri>> Tiers, IReadOnlyList<string> Ignored) ReadTrackers(BencodeFields root)
    {
        var tiers = new List<IReadOnlyList<Uri>>();
        var ignored = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in root.Lenient<BList>("announce-list")?.Value ?? [])
        {
            // Some makers leave out the inner lists.
            var tier = new List<Uri>();
            foreach (var tracker in item is BList list ? list.Value : [item])
            {
                var text = tracker is BString url ? BencodeText.Decode(url.Value.Span) : "(no string)";
                if (ReadUrl(text, "http", "https", "udp") is not { } uri)
                    ignored.Add(text);
                else if (seen.Add(uri.AbsoluteUri))
                    tier.Add(uri);
            }
            if (tier.Count > 0)
                tiers.Add(tier);
        }
        if (tiers.Count == 0 && ReadText(root, "announce") is { Length: > 0 } announce)
        {
            if (ReadUrl(announce, "http", "https", "udp") is { } uri)
                tiers.Add([uri]);
            else
                ignored.Add(announce);
        }
        return (tiers, ignored);
    }

    private static List<Uri> ReadWebSeeds(BencodeFields root)
    {
        var list = root.Lenient<BList>("url-list")?.Value ?? (root.Lenient<BString>("url-list") is { } single ? [single] : []);
        var seeds = new List<Uri>();
        foreach (var item in list)
        {
            if (item is BString url && ReadUrl(BencodeText.Decode(url.Value.Span), "http", "https") is { } uri && !seeds.Contains(uri))
                seeds.Add(uri);
        }
        return seeds;
    }

    private static Uri? ReadUrl(string text, params ReadOnlySpan<string> schemes)
    {
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            return null;
        return schemes.Contains(uri.Scheme) && uri.Port > 0 ? uri : null;
    }

    private static string? ReadText(BencodeFields fields, string key) =>
        fields.Lenient<BString>(key) is { } text ? BencodeText.Decode(text.Value.Span) : null;

    private static DateTimeOffset? ReadDate(BencodeFields root)
    {
        var seconds = root.Lenient<BNumber>("creation date")?.Value;
        return seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value)
            : null;
    }
}
