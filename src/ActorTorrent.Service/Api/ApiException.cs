namespace ActorTorrent.Service.Api;

/// <summary>A request cannot be answered as it was meant; told as a <see cref="Problem"/>.</summary>
/// <param name="status">The status.</param>
/// <param name="detail">Why, for the user.</param>
/// <param name="pointer">Where in the body; null when that is not the matter.</param>
internal sealed class ApiException(int status, string detail, string? pointer = null) : Exception(detail)
{
    /// <summary>The status.</summary>
    public int Status { get; } = status;

    /// <summary>Where in the body; null when that is not the matter.</summary>
    public string? Pointer { get; } = pointer;
}
