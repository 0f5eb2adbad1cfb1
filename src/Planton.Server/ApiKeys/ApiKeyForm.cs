namespace Planton.Server.ApiKeys;

internal enum ApiKeyForm
{
    Good,
    Malformed,
    WrongChecksum,
}
