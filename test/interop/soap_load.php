<?php
/** Loads WSDLs, one line of JSON each: soap_load.php WSDL... A warning or notice of PHP ends it. */
set_error_handler(function (int $level, string $message): never {
    throw new ErrorException($message, $level);
});

foreach (array_slice($argv, 1) as $wsdl) {
    $client = new SoapClient($wsdl, ['cache_wsdl' => WSDL_CACHE_NONE, 'soap_version' => SOAP_1_1]);
    echo json_encode(['functions' => $client->__getFunctions()], JSON_THROW_ON_ERROR), "\n";
}
