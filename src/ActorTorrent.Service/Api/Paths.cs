using Microsoft.AspNetCore.Http;

namespace ActorTorrent.Service.Api;

/// <summary>Paths that callers name.</summary>
internal static class Paths
{
    /// <summary>A path below one of the folders that callers may use, with links followed.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">As the caller names it.</param>
    /// <param name="member">The body's member that names it.</param>
    /// <exception cref="ApiException">It is not, or not absolute.</exception>
    public static string Confined(HttpContext context, string path, string member = "path")
    {
        if (!Path.IsPathFullyQualified(path))
            throw new ApiException(StatusCodes.Status400BadRequest, $"'{member}' must be absolute.", $"/{member}");
        var real = Real(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), member);
        foreach (var root in context.Session().Host.AllRoots.Select(root => Real(Path.GetFullPath(root), member)))
        {
            if (real == root || real.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                return real;
        }
        throw new ApiException(StatusCodes.Status403Forbidden, $"'{member}' lies outside the folders that this service may use; its configuration lists them (ActorTorrent:Roots).", $"/{member}");
    }

    /// <summary>A path without links, as far as it exists.</summary>
    private static string Real(string path, string member)
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
                throw new ApiException(StatusCodes.Status403Forbidden, $"'{member}' cannot be followed.", $"/{member}");
            }
        }
        return real;
    }
}
