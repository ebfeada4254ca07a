using System.Globalization;
using System.Security.Cryptography;
using ActorTorrent.Wire.Bencode;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using BencodeNET.Exceptions;
using BencodeNET.Objects;
using BencodeNET.Parsing;

namespace ActorTorrent.Engine.Resume;

/// <summary>
/// Resume data as bytes: a bencoded dictionary with a version and, under <c>sum</c>, the SHA-1 of its own encoding without
/// that key, so that a torn or altered file is told from a good one.
/// </summary>
public static class ResumeFormat
{
    /// <summary>The version that is written, and the only one that is read.</summary>
    public const int Version = 1;

    private const string Kind = "actortorrent resume";

    /// <summary>Encodes.</summary>
    public static byte[] Encode(ResumeData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var files = new BList();
        foreach (var file in data.Files.Append(data.Parts))
            files.Add(new BList { (IBObject)new BNumber(file.Length), (IBObject)new BNumber(file.ModifiedTicks) });
        var state = data.State;
        var root = new BDictionary
        {
            ["added"] = new BNumber(state.AddedAt.ToUnixTimeMilliseconds()),
            ["boot"] = new BString(data.Boot),
            ["downloaded"] = new BNumber(state.Downloaded),
            ["files"] = files,
            ["folder"] = new BString(data.Folder),
            ["have"] = new BString(data.Have.ToBytes()),
            ["info hash"] = new BString(data.InfoHash.ToArray()),
            ["kind"] = new BString(Kind),
            ["origin"] = new BString(data.Origin),
            ["paused"] = new BNumber(state.IsPaused ? 1 : 0),
            ["pieces"] = new BNumber(data.Have.Count),
            ["priorities"] = new BString(state.Priorities.ToArray()),
            ["saved"] = new BNumber(data.SavedAt.ToUnixTimeMilliseconds()),
            ["seeding"] = new BNumber((long)state.Seeding.TotalMilliseconds),
            ["synced"] = new BNumber(data.IsSynced ? 1 : 0),
            ["uploaded"] = new BNumber(state.Uploaded),
            ["version"] = new BNumber(Version),
        };
        if (state.CompletedAt is { } completed)
            root["completed"] = new BNumber(completed.ToUnixTimeMilliseconds());
        if (data.MovingTo is { } target)
            root["moving to"] = new BString(target);
        if (data.CopyingTo is { } copies)
            root["copying to"] = new BString(copies);
        if (data.CopiedFrom is { } old)
            root["copied from"] = new BString(old);
        if (data.Unfinished.Count > 0)
            root["unfinished"] = Encode(data.Unfinished);
        root["sum"] = new BString(SHA1.HashData(root.EncodeAsBytes()));
        return root.EncodeAsBytes();
    }

    /// <summary>Decodes.</summary>
    /// <exception cref="ResumeFormatException">The bytes are torn, altered, of another version or of another kind.</exception>
    public static ResumeData Decode(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        try
        {
            BencodeScanner.Check(bytes, requireSortedKeys: true);
            if (bytes[0] != (byte)'d')
                throw new ResumeFormatException("It is no dictionary.");
            return Decode(new BencodeParser().Parse<BDictionary>(bytes));
        }
        catch (Exception failure) when (failure is BencodeScanException or BencodeException or PeerWireException)
        {
            throw new ResumeFormatException($"It is no valid bencode: {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is ArgumentException or OverflowException)
        {
            throw new ResumeFormatException($"A value in it is out of range: {failure.Message}", failure);
        }
    }

    private static ResumeData Decode(BDictionary root)
    {
        if (Text(root, "kind") != Kind)
            throw new ResumeFormatException("It is something else.");
        if (Number(root, "version") is var version and not Version)
            throw new ResumeFormatException(string.Create(CultureInfo.InvariantCulture, $"It is of version {version}, not {Version}."));
        var sum = Bytes(root, "sum");
        root.Remove(new BString("sum"));
        if (!sum.Span.SequenceEqual(SHA1.HashData(root.EncodeAsBytes())))
            throw new ResumeFormatException("Its sum does not match its content.");
        var pieces = checked((int)Number(root, "pieces"));
        ArgumentOutOfRangeException.ThrowIfNegative(pieces);
        var stamps = Value<BList>(root, "files").Select(Stamp).ToArray();
        if (stamps.Length == 0)
            throw new ResumeFormatException("It names no files.");
        return new ResumeData
        {
            InfoHash = new InfoHash(Bytes(root, "info hash").Span),
            Have = Bitfield.FromBytes(Bytes(root, "have").Span, pieces),
            Files = stamps[..^1],
            Parts = stamps[^1],
            Origin = Text(root, "origin"),
            Folder = Text(root, "folder"),
            MovingTo = TextIfAny(root, "moving to"),
            CopyingTo = TextIfAny(root, "copying to"),
            CopiedFrom = TextIfAny(root, "copied from"),
            Unfinished = root.ContainsKey("unfinished") ? [.. Value<BList>(root, "unfinished").Select(Unfinished)] : [],
            SavedAt = Time(root, "saved"),
            Boot = Text(root, "boot"),
            IsSynced = Number(root, "synced") != 0,
            State = new ResumeState
            {
                Downloaded = Number(root, "downloaded"),
                Uploaded = Number(root, "uploaded"),
                AddedAt = Time(root, "added"),
                CompletedAt = root.ContainsKey("completed") ? Time(root, "completed") : null,
                Priorities = Bytes(root, "priorities") is { IsEmpty: false } priorities ? priorities : default,
                IsPaused = Number(root, "paused") != 0,
                Seeding = TimeSpan.FromMilliseconds(Number(root, "seeding")),
            },
        };
    }

    private static FileStamp Stamp(IBObject item) =>
        item is BList { Count: 2 } pair && pair[0] is BNumber length && pair[1] is BNumber ticks
            ? new FileStamp(length.Value, ticks.Value)
            : throw new ResumeFormatException("A file in it has no length and time.");

    private static BList Encode(IReadOnlyList<UnfinishedPiece> pieces)
    {
        var list = new BList();
        foreach (var (piece, blocks) in pieces)
            list.Add(new BList { (IBObject)new BNumber(piece.Value), (IBObject)new BNumber(blocks.Count), (IBObject)new BString(blocks.ToBytes()) });
        return list;
    }

    private static UnfinishedPiece Unfinished(IBObject item) =>
        item is BList { Count: 3 } parts && parts[0] is BNumber piece && parts[1] is BNumber blocks && parts[2] is BString bits
            ? new UnfinishedPiece(new PieceIndex(checked((int)piece.Value)), Bitfield.FromBytes(bits.Value.Span, checked((int)blocks.Value)))
            : throw new ResumeFormatException("An unfinished piece in it has no number and blocks.");

    private static string? TextIfAny(BDictionary root, string key) => root.ContainsKey(key) ? Text(root, key) : null;

    private static string Text(BDictionary root, string key) => System.Text.Encoding.UTF8.GetString(Bytes(root, key).Span);

    private static ReadOnlyMemory<byte> Bytes(BDictionary root, string key) => Value<BString>(root, key).Value;

    private static long Number(BDictionary root, string key) => Value<BNumber>(root, key).Value;

    private static DateTimeOffset Time(BDictionary root, string key) => DateTimeOffset.FromUnixTimeMilliseconds(Number(root, key));

    private static T Value<T>(BDictionary root, string key)
        where T : class, IBObject =>
        root.TryGetValue(new BString(key), out var value) && value is T typed
            ? typed
            : throw new ResumeFormatException($"It has no '{key}'.");
}
