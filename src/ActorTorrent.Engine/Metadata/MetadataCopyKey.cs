namespace ActorTorrent.Engine.Metadata;

/// <summary>What a <see cref="MetadataCopy"/> is put together from.</summary>
/// <param name="Size">The size that was claimed.</param>
/// <param name="Session">The one peer that it comes from; null for all that claim the size.</param>
internal readonly record struct MetadataCopyKey(long Size, int? Session);
