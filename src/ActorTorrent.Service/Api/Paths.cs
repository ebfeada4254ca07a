using Microsoft.AspNetCore.Http;

namespace ActorTorrent.Service.Api;

/// <summary>Paths that callers name.</summary>
internal static class Paths
{
    /// <summary>A path below one of the folders that callers may use, with links followed.</summary>
    /// <exception cref="ApiException">It is not, or not absolute.</exception>
    public static string Confined(HttpContext context, string path)
    {
        if (!Path.IsPathFullyQualified(path))
            throw new ApiException(StatusCodes.Status400BadRequest, "'path' must be absolute.", "/path");
        var real = Real(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        foreach (var root in context.Session().Host.AllRoots.Select(root => Real(Path.GetFullPath(root))))
        {
            if (real == root || real.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                return real;
        }
        throw new ApiException(StatusCodes.Status403Forbidden, "'path' lies outside the folders that are open to callers.", "/path");
    }

    /// <summary>A path without links, as far as it exists.</summary>
    private static string Real(string path)
    {
        var parts = path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        var real = Path.GetPathRoot(path)!;
        foreach (var part in parts)
        {
            real = Path.Join(real, part);
            try
            {
                if (new DirectoryInfo(real).ResolveLinkTarget(returnFinalTarget: true) is { } target)
                    real = Path.TrimEndingDirectorySeparator(target.FullName);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // What is not there leads nowhere else.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ApiException(StatusCodes.Status403Forbidden, "'path' cannot be followed.", "/path");
            }
        }
        return real;
    }
}
