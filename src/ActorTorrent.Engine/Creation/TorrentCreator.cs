using ActorTorrent.Engine.Checking;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Creation;

/// <summary>
/// Makes torrents (BEP 3, version 1) of files. The same files and options give the same bytes: there is no date in them, and the order of
/// the files depends on nothing but their paths.
/// </summary>
public static class TorrentCreator
{
    /// <summary>Hashes the files, on all cores, and makes their torrent.</summary>
    /// <param name="tree">The files.</param>
    /// <param name="recipe">What it says besides.</param>
    /// <param name="progress">Counts the bytes that are hashed; null when nobody looks.</param>
    /// <param name="cancelled">Gives up.</param>
    /// <exception cref="CreationException">A file cannot be read, or changed since it was listed; or what was asked for makes no torrent.</exception>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public static async Task<CreatedTorrent> CreateAsync(
        SourceTree tree, TorrentRecipe recipe, WorkProgress? progress = null, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(recipe);
        var pieceLength = recipe.PieceLength ?? PieceLengths.Choose(tree.TotalLength, recipe.Style);
        if (!PieceLengths.IsAllowed(pieceLength))
            throw new CreationException(CreationFailure.BadInput, FormattableString.Invariant($"Pieces of {pieceLength} bytes: it must be a power of two from {PieceLengths.Least} to {PieceLengths.Greatest}."));
        if (tree.TotalLength / pieceLength >= int.MaxValue / PieceHashes.HashLength)
            throw new CreationException(CreationFailure.BadInput, FormattableString.Invariant($"Pieces of {pieceLength} bytes are too many for {tree.TotalLength} bytes; take larger ones."));
        using var hasher = new SourceHasher(tree, pieceLength, progress ?? new WorkProgress(tree.TotalLength));
        var builder = new TorrentBuilder
        {
            Name = tree.Name,
            PieceLength = pieceLength,
            PieceHashes = await hasher.RunAsync(cancelled).ConfigureAwait(false),
            IsPrivate = recipe.IsPrivate,
            StatesNotPrivate = recipe.Style == CreationStyle.Transmission,
            Comment = recipe.Comment,
            Source = recipe.Source,
            CreatedBy = recipe.CreatedBy,
        };
        foreach (var file in tree.Files)
            builder.AddFile(file.Segments, file.Length);
        foreach (var tracker in recipe.Trackers)
            builder.AddTier(tracker);
        foreach (var seed in recipe.WebSeeds)
            builder.AddWebSeed(seed);
        try
        {
            var bytes = builder.Build();
            return new CreatedTorrent(bytes, TorrentFileParser.Parse(bytes));
        }
        catch (TorrentFormatException e)
        {
            throw new CreationException(CreationFailure.BadInput, $"{tree.Root}: nobody would take the torrent: {e.Message}", e);
        }
    }
}
