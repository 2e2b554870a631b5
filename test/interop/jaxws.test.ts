/** The reference implementation of JAX-WS: wsimport and its clients. */
import { testSoapToolchain } from "./soap-java.js";
import { readTools } from "./tools.js";

testSoapToolchain({
  name: "jaxws",
  tool: readTools().jaxws,
  generator: "WsimportGenerator",
  explained: [],
  mistake: {
    right: 'name="result" type="',
    wrong: 'name="result" type="tns:Nowhere" id="',
    said: /tns:Nowhere/,
  },
});
