using ActorTorrent.Service.Session;

namespace ActorTorrent.Service.Security;

/// <summary>Keeps paths that callers of the API name within the folders that the host allows.</summary>
internal static class PathGuard
{
    /// <summary>The path in its plain form.</summary>
    /// <param name="path">As the caller names it.</param>
    /// <param name="roots">The folders; the path is one of them or lies below one.</param>
    /// <exception cref="SessionException">It is not absolute, or lies elsewhere.</exception>
    public static string Check(string path, IEnumerable<string> roots)
    {
        if (!Path.IsPathFullyQualified(path) || path.Contains('\0', StringComparison.Ordinal))
            throw new SessionException(SessionErrorKind.Invalid, "The path is not absolute.");
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        foreach (var root in roots)
        {
            var plain = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
            var prefix = plain.EndsWith(Path.DirectorySeparatorChar) ? plain : plain + Path.DirectorySeparatorChar;
            if (full.Equals(plain, comparison) || full.StartsWith(prefix, comparison))
                return full;
        }
        throw new SessionException(
            SessionErrorKind.Forbidden, $"{full} lies outside the folders that this service may use; its configuration lists them (ActorTorrent:Roots).");
    }
}
