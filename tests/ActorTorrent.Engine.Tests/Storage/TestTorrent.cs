using System.Security.Cryptography;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Storage;

/// <summary>A torrent with random content that the tests know; padding is zeros.</summary>
internal sealed class TestTorrent
{
    private TestTorrent(FileLayout layout, int seed)
    {
        Layout = layout;
        Content = new byte[layout.TotalLength];
        new Random(seed).NextBytes(Content);
        foreach (var file in layout.Files.Where(file => file.IsPadding))
            Content.AsSpan((int)file.Offset, (int)file.Length).Clear();
        var hashes = new byte[layout.PieceCount * PieceHashes.HashLength];
        for (var piece = 0; piece < layout.PieceCount; piece++)
            SHA1.HashData(Piece(piece), hashes.AsSpan(piece * PieceHashes.HashLength, PieceHashes.HashLength));
        Hashes = new PieceHashes(hashes);
        InfoHash = new InfoHash(SHA1.HashData(hashes));
    }

    public FileLayout Layout { get; }

    public PieceHashes Hashes { get; }

    public InfoHash InfoHash { get; }

    public byte[] Content { get; }

    public int PieceCount => Layout.PieceCount;

    public static TestTorrent Single(int pieceLength, long length, int seed = 1) =>
        new(new FileLayout([new TorrentFileEntry(0, ["single.bin"], length, 0)], pieceLength), seed);

    /// <summary>Files below the folder <c>pack</c>; a path that starts with <c>.pad/</c> is padding.</summary>
    public static TestTorrent Multi(int pieceLength, params (string Path, long Length)[] files)
    {
        var offset = 0L;
        var entries = new List<TorrentFileEntry>();
        foreach (var (path, length) in files)
        {
            entries.Add(new TorrentFileEntry(entries.Count, ["pack", .. path.Split('/')], length, offset)
            {
                IsPadding = path.StartsWith(".pad/", StringComparison.Ordinal),
            });
            offset += length;
        }
        return new TestTorrent(new FileLayout(entries, pieceLength), seed: files.Length);
    }

    public ReadOnlySpan<byte> Piece(int piece) => Bytes(Layout.PieceOffset(new PieceIndex(piece)), Layout.PieceSize(new PieceIndex(piece)));

    public byte[] File(int file) => Bytes(Layout.Files[file].Offset, (int)Layout.Files[file].Length).ToArray();

    public ReadOnlySpan<byte> Bytes(long offset, int length) => Content.AsSpan((int)offset, length);

    public IEnumerable<BlockRequest> Blocks(int piece)
    {
        var index = new PieceIndex(piece);
        for (var block = 0; block < Layout.BlockCount(index); block++)
            yield return new BlockRequest(index, block * FileLayout.BlockLength, Layout.BlockSize(index, block));
    }

    public byte[] Block(BlockRequest block) => Bytes(Layout.PieceOffset(block.Piece) + block.Offset, block.Length).ToArray();

    /// <summary>A batch as a peer's connection makes it, in memory of the pool.</summary>
    public BlockBatch Batch(SlabPool pool, int peer, IEnumerable<BlockRequest> blocks, Action<BlockRequest, Memory<byte>>? spoil = null)
    {
        var wanted = blocks.ToArray();
        var slab = pool.Rent(wanted.Sum(block => block.Length));
        var batch = new BlockBatch(peer, slab, wanted.Length);
        var at = 0;
        foreach (var block in wanted)
        {
            var memory = slab.Memory.Slice(at, block.Length);
            Block(block).CopyTo(memory);
            spoil?.Invoke(block, memory);
            batch.Add(new ReceivedBlock(block, memory));
            at += block.Length;
        }
        slab.Release();
        return batch;
    }

    public TorrentFiles Files(string folder, IReadOnlySet<int>? wanted = null, int openFiles = 8) =>
        new(Layout, InfoHash, folder, wanted, openFiles);

    /// <summary>Puts the whole torrent on disk without any code under test.</summary>
    public void WriteTo(string folder)
    {
        foreach (var file in Layout.Files.Where(file => !file.IsPadding))
        {
            var path = Path.Join([folder, .. file.Segments]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            System.IO.File.WriteAllBytes(path, File(file.Index));
        }
    }

    public void WriteAll(TorrentFiles files)
    {
        for (var piece = 0; piece < PieceCount; piece++)
            WritePiece(files, piece);
    }

    public void WritePiece(TorrentFiles files, int piece) => files.Write(Layout.PieceOffset(new PieceIndex(piece)), Piece(piece));
}
